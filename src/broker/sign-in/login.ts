import {randomNonce, randomPKCECodeVerifier, randomState} from 'openid-client';
import {json, page, redirect} from './answers.js';
import type {Parts} from './parts.js';
import {forLog, toProviderError} from './provider-error.js';
import {safePath, WRONG_RETURN} from './return-to.js';

/** Seconds for the visitor to sign in. */
const PATIENCE = 900;
/** So many sign-ins may be under way in one browser; more would fill its requests with cookies. */
const UNDER_WAY = 5;

/** Before the `state`: every sign-in that is under way has a cookie of its own. */
export const LOGIN = 'login.';

/** `/login`: begins a sign-in. What only this browser may know goes into a cookie, and the visitor to the provider. */
export const createLogin =
  ({settings, seal, jar, provider, address}: Parts) =>
  async (request: Request): Promise<Response> => {
    const {base, path, report} = settings;
    const asked = new URL(request.url).searchParams.get('returnTo') ?? settings.returnTo;
    const returnTo = safePath(asked, base, path);
    if (returnTo === undefined) return json(400, {error: 'invalid_request', error_description: WRONG_RETURN});
    const secrets = {state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier()};
    try {
      const url = await provider.begin(secrets);
      const others = jar.names(request, LOGIN);
      const cookies = others.length < UNDER_WAY ? [] : jar.remove(request, others);
      const sealed = await seal.seal('login', {...secrets, returnTo}, PATIENCE);
      return redirect(url.href, [...cookies, ...jar.write(sealed, LOGIN + secrets.state, PATIENCE)]);
    } catch (error) {
      const failure = toProviderError(error);
      report(forLog(failure));
      const again = address(`${path}/login?${new URLSearchParams({returnTo}).toString()}`);
      return page(failure.code === 'unreachable' ? 503 : 502, 'The sign-in is not available at the moment.', again);
    }
  };
