import * as v from 'valibot';
import {withDeadline} from '../with-deadline.js';
import {empty, json, redirect} from './answers.js';
import type {Parts} from './parts.js';
import {forLog, ProviderError, toProviderError} from './provider-error.js';
import {safePath, WRONG_RETURN} from './return-to.js';
import {isOwnVisit, mayChange} from './same-origin.js';
import type {SessionRecord} from './session.js';

/** Milliseconds that a visitor who leaves waits for the provider. */
const PATIENCE = 5_000;
/** Seconds for the visitor at the provider's sign-out page. */
const AWAY = 900;

const late = (): ProviderError => new ProviderError('unreachable', 'The provider does not answer.');

const isVisit = ({method, headers}: Request): boolean =>
  method === 'GET' || headers.get('sec-fetch-mode') === 'navigate';

/**
 * `/logout`: a POST of the page ends the session here and has the tokens revoked; a visit goes on to the provider's
 * sign-out, where there is one, and comes back here with the `state` that says where the visitor wanted to go.
 */
export const createLogout = ({settings, seal, jar, provider, sessions, address}: Parts) => {
  const {base, path, options, report} = settings;
  const tell = (error: unknown): void => report(forLog(toProviderError(error)));

  const end = async (session: SessionRecord): Promise<void> => {
    await sessions.end(session);
    const tokens = [session.refreshToken, session.accessToken].filter((token) => token !== undefined);
    // Signed out here is signed out, whether or not the provider can be told (RFC 7009).
    const revoke = (): Promise<unknown> => Promise.all(tokens.map((token) => provider.revoke(token).catch(tell)));
    await withDeadline(revoke, {timeout: PATIENCE, late}).catch(tell);
  };
  const signOutUrl = async (returnTo: string): Promise<string> => {
    if (options.endProviderSession === false) return address(returnTo);
    try {
      const state = await seal.seal('logout', {returnTo}, AWAY);
      return (await provider.signOutUrl(address(`${path}/logout`), state))?.href ?? address(returnTo);
    } catch (error) {
      tell(error);
      return address(returnTo);
    }
  };
  /** Back from the provider. Nothing is left to be done, so it does not matter who sends the visitor here. */
  const returned = async (state: string): Promise<Response> => {
    const opened = await seal.open('logout', state);
    const parsed = v.safeParse(v.object({returnTo: v.string()}), opened.state === 'open' ? opened.claims : {});
    return redirect(address(parsed.success ? parsed.output.returnTo : settings.returnTo));
  };

  return async (request: Request): Promise<Response> => {
    const {searchParams} = new URL(request.url);
    const state = searchParams.get('state');
    if (request.method === 'GET' && state !== null) return returned(state);
    const isAllowed = request.method === 'GET' ? isOwnVisit(request, base) : mayChange(request, base);
    if (!isAllowed) return json(403, {error: 'cross_site', error_description: 'Sign out from a page of this origin.'});
    const returnTo = safePath(searchParams.get('returnTo') ?? settings.returnTo, base, path);
    if (returnTo === undefined) return json(400, {error: 'invalid_request', error_description: WRONG_RETURN});
    const found = await sessions.find(request);
    if (found.state === 'signed-in') await end(found.session);
    const cookies = jar.removeAll(request);
    return isVisit(request) ? redirect(await signOutUrl(returnTo), cookies) : empty(cookies);
  };
};
