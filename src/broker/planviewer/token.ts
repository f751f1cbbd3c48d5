import OAuth2Server from '@node-oauth/oauth2-server';
import type {Seal} from '../seal.js';
import {failure, json} from './answers.js';
import {authenticateClient} from './client-authentication.js';
import type {PlanviewerSettings} from './options.js';
import {readParameters} from './parameters.js';
import {createServer} from './server.js';

const REFUSED = {
  error: 'invalid_client',
  error_description: 'The client is not known, or its secrets are wrong or differ.',
};

/** `/access_token` (RFC 6749 §4.1.3, §6): a code, or a refresh token, for an access token. */
export const createToken =
  (settings: PlanviewerSettings, seal: Seal) =>
  async (request: Request): Promise<Response> => {
    try {
      const body = await readParameters(request);
      const client = await authenticateClient(settings.clients, request.headers.get('authorization'), body);
      if (!client) return json(401, REFUSED, {'www-authenticate': 'Basic realm="planviewer"'});
      const server = createServer({settings, seal, redirectUri: body['redirect_uri']});
      const asked = new OAuth2Server.Request({
        headers: {'content-type': 'application/x-www-form-urlencoded', 'content-length': '1'},
        method: 'POST',
        query: {},
        body: {...body, client_id: client.clientId, client_secret: client.clientSecret},
      });
      const response = new OAuth2Server.Response({});
      await server.token(asked, response);
      const issued = {...(response.body as object), ...(settings.isMac ? {token_type: 'mac'} : {})};
      return json(200, issued);
    } catch (error) {
      const {status, body} = failure(error);
      if (status >= 500) settings.report(error);
      return json(status, body);
    }
  };
