import type {
  AcquireRequest,
  CredentialSource,
  EndRequest,
  Issued,
  SessionCare,
  SignInRequest,
} from '../../credentials/credential.js';
import type {Environment} from '../../credentials/environment.js';
import {SecureMapError} from '../../credentials/errors.js';
import type {Page} from '../oidc/page.js';
import {openPopup} from '../oidc/popup.js';
import {IdleWatch} from './idle-watch.js';
import {probe, type Found} from './probe.js';
import {pathOf, reportReturn, takeReturn, visitByRedirect, visitInPopup, withReturn} from './sign-in.js';
import {signOut} from './sign-out.js';

export interface SessionOptions {
  readonly sessionUrl: URL;
  readonly loginUrl?: URL | undefined;
  readonly logoutUrl?: URL | undefined;
  /** Where a popup comes back to: a page of the page's own origin that closes it. */
  readonly returnUrl: string;
  /** Of the page. */
  readonly origin: string;
  readonly environment: Environment;
  /** Whether `logoutUrl` may be asked by `fetch`. */
  readonly canPostLogout: boolean;
}

const cancelled = (): SecureMapError => new SecureMapError('login-cancelled', 'The sign-in was cancelled.');

/** The credential is the cookie: there is no token, and none is made up. */
const toIssued = ({at, user, endsAt}: Found): Issued => ({
  token: '',
  type: 'Cookie',
  receivedAt: at,
  expiresAt: endsAt,
  user,
});

/** A cookie session with the site's own back end. */
export const createSessionSource = (options: SessionOptions, page: Page = window): CredentialSource => {
  const {sessionUrl, loginUrl, logoutUrl, environment, origin} = options;
  const returnPath = pathOf(options.returnUrl);
  const name = sessionUrl.href;
  let watch: IdleWatch | undefined;
  let found: Found | undefined;
  /** Somebody wanted the session, nobody had it, and the visitor did not choose that. */
  let isMissed = false;
  reportReturn(page, returnPath, environment.now());
  let isReturning = takeReturn(page, name, environment.now());

  const note = (next: Found | undefined): void => {
    found = next;
    isMissed = next === undefined;
    if (next) watch?.answered(next);
    else watch?.over();
  };

  const look = async (signal: AbortSignal): Promise<Found | undefined> => {
    const next = await probe(sessionUrl, options, signal);
    signal.throwIfAborted();
    note(next);
    return next;
  };

  const acquire = async ({reason, signal}: AcquireRequest): Promise<Issued> => {
    isReturning = false;
    const next = await look(signal);
    if (next) return toIssued(next);
    throw new SecureMapError(
      reason === 'initial' ? 'login-required' : 'session-over',
      'session-url: the site says that the visitor is not signed in.',
      {reason: 'not-signed-in'},
    );
  };

  const signInByPopup = async (url: URL, signal: AbortSignal): Promise<Issued> => {
    const popup = openPopup(page);
    const visit = await visitInPopup(popup, withReturn(url, returnPath), {page, environment, signal});
    const next = await look(signal);
    if (next) return toIssued(next);
    if (visit === 'closed') throw cancelled();
    throw new SecureMapError('login-refused', 'The site says that the visitor is still not signed in.', {
      reason: 'not-signed-in',
    });
  };

  const signIn = async (url: URL, {mode, signal}: SignInRequest): Promise<Issued> => {
    try {
      signal.throwIfAborted();
      if (mode === 'popup') return await signInByPopup(url, signal);
      const path = pathOf(page.location.href, {hash: true});
      return await visitByRedirect(page, withReturn(url, path), {name, now: environment.now(), signal});
    } catch (error) {
      throw signal.aborted ? cancelled() : error;
    }
  };

  const attend = (care: SessionCare): (() => void) => {
    const lookForSignIn = (): void => {
      if (!isMissed) return;
      probe(sessionUrl, options, new AbortController().signal).then(
        (next) => {
          if (next && isMissed) care.renew();
        },
        () => undefined,
      );
    };
    watch = new IdleWatch({environment, care, lookForSignIn});
    if (found) watch.answered(found);
    return () => {
      watch?.stop();
      watch = undefined;
    };
  };

  return {
    get isResuming() {
      return isReturning;
    },
    acquire,
    attend,
    ...(loginUrl ? {signIn: (request: SignInRequest) => signIn(loginUrl, request)} : {}),
    async end(request: EndRequest) {
      note(undefined);
      isMissed = false;
      if (!logoutUrl || request.isElsewhere) return;
      const isReachable = options.canPostLogout;
      await signOut({url: logoutUrl, page, environment, origin, returnPath, isReachable}, request);
    },
  };
};
