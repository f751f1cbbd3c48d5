import type {IncomingMessage, ServerResponse} from 'node:http';
import {text} from 'node:stream/consumers';
import type Provider from 'oidc-provider';
import {checkPassword} from './accounts.js';
import {sendReply} from './exchange.js';
import {renderFailure, renderLogin, signInHeaders} from './login-page.js';

/** Shows the login page and takes its answer. The provider's own cookie binds both to one browser. */
export function createLoginRoute(
  provider: Provider,
  pageOrigin: string,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const headers = signInHeaders(pageOrigin);

  return async (request, response) => {
    const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
    if (interaction === undefined) {
      const body = renderFailure('This sign-in has ended. Go back to the page you came from and try again.');
      return sendReply(response, {status: 400, headers, body});
    }
    const action = `/sign-in/${interaction.uid}`;
    if (request.method !== 'POST') {
      return sendReply(response, {status: 200, headers, body: renderLogin({action})});
    }

    const fields = new URLSearchParams(await text(request));
    if (fields.get('answer') === 'cancel') {
      const refusal = {error: 'access_denied', error_description: 'The visitor cancelled the sign-in.'};
      return provider.interactionFinished(request, response, refusal);
    }
    const userName = fields.get('name') ?? '';
    const account = checkPassword(userName, fields.get('password') ?? '');
    if (account === undefined) {
      const error = 'The user name and password do not match.';
      return sendReply(response, {status: 401, headers, body: renderLogin({action, userName, error})});
    }
    await provider.interactionFinished(request, response, {login: {accountId: account.id}});
  };
}
