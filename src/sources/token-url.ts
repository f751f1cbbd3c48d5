import type {AcquireRequest, Credential, CredentialSource} from '../credentials/credential.js';
import {isSecureMapError, SecureMapError} from '../credentials/errors.js';
import {isSecure} from '../credentials/scope.js';
import {retryAfter} from '../credentials/retry-after.js';
import type {SourceFields, SourceKind, SourceSettings} from './source-kind.js';
import {toCredential, withJwtExpiry} from './token.js';

const resolve = ({tokenUrl}: SourceFields, {pageUrl}: SourceSettings): URL => {
  const url = URL.parse(tokenUrl ?? '', pageUrl);
  if (!url || !isSecure(url)) {
    throw new SecureMapError('invalid-attribute', 'token-url: must be an https URL (http on this machine only).');
  }
  // `fetch` would refuse it with a message that spells the password out.
  if (url.username || url.password) {
    throw new SecureMapError('invalid-attribute', 'token-url: has a user name or password in it.');
  }
  return url;
};

const unreachable = (cause: unknown): SecureMapError =>
  new SecureMapError('source-unreachable', 'token-url: the site cannot be reached.', {cause});

const failure = (response: Response, {reason}: AcquireRequest, now: number): SecureMapError | undefined => {
  // A redirect of a back end leads to its sign-in page: the visitor has no session there.
  const isRedirect = response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
  if (response.status === 401 || response.status === 403 || isRedirect) {
    const code = reason === 'initial' ? 'login-required' : 'session-over';
    return new SecureMapError(code, 'token-url: the site says that the visitor is not signed in.', {
      reason: 'not-signed-in',
    });
  }
  if (response.ok) return undefined;
  return new SecureMapError('source-unreachable', `token-url: the site answered with status ${response.status}.`, {
    retryAfter: retryAfter(response, now),
  });
};

const readAnswer = async (response: Response): Promise<Record<string, unknown>> => {
  const text = await response.text();
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Without the cause, which quotes the answer.
    throw new SecureMapError('source-invalid', 'token-url: the answer is not JSON.');
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw new SecureMapError('source-invalid', 'token-url: the answer is not a JSON object.');
  }
  return {...answer};
};

const ask = async (
  url: URL,
  request: AcquireRequest,
  {environment, tokenType}: SourceSettings,
): Promise<Credential> => {
  const asked = new URL(url);
  // Lets a broker ask the map platform anew instead of handing out the refused token from its cache.
  if (request.reason === 'unauthorized') asked.searchParams.set('reason', 'unauthorized');
  try {
    const response = await environment.fetch(asked.href, {
      signal: request.signal,
      headers: {accept: 'application/json'},
      cache: 'no-store',
      // The site knows its visitor by a cookie; a token service on another origin gets none.
      credentials: 'same-origin',
      redirect: 'manual',
    });
    const error = failure(response, request, environment.now());
    if (error) throw error;
    const {access_token, token, token_type, expires_in, expires_at, mac_key, mac_algorithm} =
      await readAnswer(response);
    const credential = toCredential(
      'token-url',
      {
        ...{token: access_token ?? token, type: token_type, expiresIn: expires_in, expiresAt: expires_at},
        ...{macKey: mac_key, macAlgorithm: mac_algorithm},
      },
      environment.now(),
      tokenType,
    );
    return await withJwtExpiry(credential);
  } catch (error) {
    request.signal.throwIfAborted();
    throw isSecureMapError(error) ? error : unreachable(error);
  }
};

/** `token-url`: the site's back end hands out short-lived tokens as JSON. */
export const tokenUrl: SourceKind = {
  selectedBy: ['tokenUrl'],
  identity: (fields, settings) => `token-url ${settings.tokenType ?? ''} ${resolve(fields, settings).href}`,
  create(fields, settings): CredentialSource {
    const url = resolve(fields, settings);
    return {acquire: (request) => ask(url, request, settings)};
  },
};
