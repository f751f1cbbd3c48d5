import type {UserClaims} from '../../credentials/credential.js';
import {isSecureMapError, SecureMapError} from '../../credentials/errors.js';
import {fromLifetime} from '../../credentials/expiry.js';
import {isRecord} from '../../credentials/is-record.js';
import {retryAfter} from '../../credentials/retry-after.js';
import {toUserClaims} from '../user-claims.js';
import type {CookieSessionOptions} from './options.js';

/** What the back end says of its visitor. */
export interface Found {
  readonly at: number;
  readonly user: UserClaims | undefined;
  /** When the session ends if nobody does anything; absent when the back end does not say. */
  readonly endsAt: number | undefined;
}

export const REQUESTED_WITH = {'x-requested-with': 'secure-map'} as const;

/** Cookies go along to the page's own origin, and to another one only where the page's markup lets credentials go. */
export const cookiesFor = (url: URL, origin: string): RequestCredentials =>
  url.origin === origin ? 'same-origin' : 'include';

const invalid = (what: string): SecureMapError => new SecureMapError('source-invalid', `session-url: ${what}.`);

/** What tells one visitor from another, by the names that back ends use. */
const subjectOf = (user: UserClaims): unknown =>
  ['sub', 'id', 'preferred_username', 'username', 'email', 'name'].map((name) => user[name]).find(Boolean);

const readUser = (value: unknown): UserClaims | undefined => {
  if (!isRecord(value)) return undefined;
  const user = toUserClaims(value);
  const subject = subjectOf(user);
  return typeof subject === 'string' || typeof subject === 'number' ? {...user, sub: String(subject)} : user;
};

const read = (text: string, at: number): Found | undefined => {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Without the cause, which quotes the answer.
    throw invalid('the answer is not JSON');
  }
  if (!isRecord(answer) || typeof answer['authenticated'] !== 'boolean') {
    throw invalid('the answer does not say whether the visitor is authenticated');
  }
  if (!answer['authenticated']) return undefined;
  const ends = [answer['expiresIn'], answer['idleSeconds']]
    .map((seconds) => fromLifetime(seconds ?? undefined, at))
    .filter((end) => end !== undefined);
  return {at, user: readUser(answer['user']), endsAt: ends.length === 0 ? undefined : Math.min(...ends)};
};

/** Asks the back end who is signed in; `undefined`: nobody. */
export const probe = async (
  {sessionUrl: url, environment, origin}: CookieSessionOptions,
  signal: AbortSignal,
): Promise<Found | undefined> => {
  signal.throwIfAborted();
  try {
    const response = await environment.fetch(url.href, {
      signal,
      headers: {accept: 'application/json', ...REQUESTED_WITH},
      cache: 'no-store',
      credentials: cookiesFor(url, origin),
      // To a sign-in page, usually of another origin: followed, it could not be told from a lost network.
      redirect: 'manual',
    });
    const now = environment.now();
    const {status, type} = response;
    if (status === 401 || type === 'opaqueredirect' || (status >= 300 && status < 400)) return undefined;
    if (status >= 500 || status === 429 || status === 408) {
      throw new SecureMapError('source-unreachable', `session-url: the site answered with status ${status}.`, {
        retryAfter: retryAfter(response, now),
      });
    }
    if (!response.ok) throw invalid(`the site answered with status ${status}`);
    return read(await response.text(), now);
  } catch (error) {
    signal.throwIfAborted();
    if (isSecureMapError(error)) throw error;
    throw new SecureMapError('source-unreachable', 'session-url: the site cannot be reached.', {cause: error});
  }
};
