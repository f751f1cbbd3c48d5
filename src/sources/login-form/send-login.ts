import type {Credential, LoginForm} from '../../credentials/credential.js';
import {isSecureMapError, SecureMapError} from '../../credentials/errors.js';
import {isRecord} from '../../credentials/is-record.js';
import {retryAfter} from '../../credentials/retry-after.js';
import type {SourceSettings} from '../source-kind.js';
import {toCredential, withJwtExpiry} from '../token.js';
import type {LoginRequest} from './requests.js';

export interface LoginOptions extends LoginRequest {
  readonly url: URL;
  readonly settings: SourceSettings;
}

const TIMEOUT = 15_000;

const refused = (reason: string, message: string): SecureMapError =>
  new SecureMapError('login-refused', message, {reason});

const check = (response: Response, now: number): void => {
  const {status} = response;
  if (status === 401) throw refused('wrong-password', 'The user name and password do not match.');
  if (status === 403) throw refused('forbidden', 'This account may not sign in here.');
  if (status >= 500 || status === 429 || status === 408) {
    throw new SecureMapError('provider-unreachable', `login-url: the service answered with status ${status}.`, {
      reason: `http-${status}`,
      retryAfter: retryAfter(response, now),
    });
  }
  if (!response.ok) throw refused(`http-${status}`, `login-url: the service answered with status ${status}.`);
};

const read = (text: string): Readonly<Record<string, unknown>> => {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Without the cause, which quotes the answer.
  }
  if (isRecord(answer)) return answer;
  throw new SecureMapError('provider-invalid', 'login-url: the answer is not a JSON object.', {reason: 'not-json'});
};

const toInit = ({toInit: toOwn, settings}: LoginOptions, form: LoginForm): RequestInit => {
  const own = toOwn(form);
  const headers = new Headers(own.headers);
  headers.set('accept', 'application/json');
  // A service that sees it can leave the `Basic` challenge out, at which browsers would ask for a password by themselves.
  if (settings.byCookie) headers.set('x-requested-with', 'secure-map');
  return {
    ...own,
    headers,
    cache: 'no-store',
    credentials: settings.byCookie ? 'include' : 'omit',
    // A password must not be carried on to wherever a redirect leads.
    redirect: 'error',
    referrerPolicy: 'no-referrer',
  };
};

/** One request and no second: a lock-out after wrong passwords counts them all. */
export const sendLogin = async (options: LoginOptions, form: LoginForm, signal: AbortSignal): Promise<Credential> => {
  const {url, settings} = options;
  const {environment, tokenType} = settings;
  const timeout = new AbortController();
  const cancel = environment.after(TIMEOUT, () => timeout.abort());
  const {fetch} = environment;
  try {
    const init = toInit(options, form);
    const response = await fetch(url.href, {...init, signal: AbortSignal.any([signal, timeout.signal])});
    const now = environment.now();
    check(response, now);
    const {access_token, token, token_type, expires_in, expires_at, mac_key, mac_algorithm, username} = read(
      await response.text(),
    );
    const fields = {
      ...{token: access_token ?? token, type: token_type, expiresIn: expires_in, expiresAt: expires_at},
      ...{macKey: mac_key, macAlgorithm: mac_algorithm},
    };
    const name = typeof username === 'string' && username !== '' ? username : form.username;
    const credential = await withJwtExpiry(toCredential('login-url', fields, now, tokenType));
    return {...credential, user: {sub: name, name}};
  } catch (error) {
    signal.throwIfAborted();
    if (isSecureMapError(error)) throw error;
    // Without the cause: what `fetch` throws may name the address, and that is all it can say.
    throw new SecureMapError('provider-unreachable', 'login-url: the service cannot be reached.', {
      reason: timeout.signal.aborted ? 'timeout' : 'network',
    });
  } finally {
    cancel();
  }
};
