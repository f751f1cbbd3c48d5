import {released} from '../../credentials/abort.js';
import type {CredentialSource, SessionCare, SignInRequest} from '../../credentials/credential.js';
import {isSecureMapError, SecureMapError} from '../../credentials/errors.js';
import type {Page} from '../window/page.js';
import {openPopup, popupIfAllowed} from '../window/open-popup.js';
import type {BackEnd} from './back-end.js';
import type {CookieSessionOptions} from './options.js';
import {reportReturn, takeReturn} from './return.js';
import {moduleError} from '../module-error.js';
import {loginCancelled} from '../window/cancelled.js';

const cameBack = (): SecureMapError =>
  new SecureMapError('login-refused', 'The visitor came back from the sign-in without a session.', {
    reason: 'not-signed-in',
  });

/**
 * A cookie session with the site's own back end. What talks to the back end is loaded when it is first needed; windows
 * are opened here, since browsers allow that only in the turn of the click.
 */
export const createSessionSource = (options: CookieSessionOptions, page: Page = window): CredentialSource => {
  const {sessionUrl, loginUrl, logoutUrl, environment, canPostLogout} = options;
  let loading: Promise<BackEnd> | undefined;
  let backEnd: BackEnd | undefined;
  let care: SessionCare | undefined;
  reportReturn(page, options.returnUrl, environment.now());
  let isReturning = takeReturn(page, sessionUrl.href, environment.now());

  const load = (signal: AbortSignal): Promise<BackEnd> => {
    loading ??= import('./back-end.js').then(
      ({BackEnd}) => {
        backEnd = new BackEnd(options, page);
        backEnd.attend(care);
        return backEnd;
      },
      (cause: unknown) => {
        loading = undefined;
        throw moduleError('source-unreachable', cause);
      },
    );
    return released(loading, signal);
  };
  const attend = (next: SessionCare | undefined): void => {
    care = next;
    backEnd?.attend(next);
  };

  const signIn = async ({mode, signal}: SignInRequest) => {
    if (signal.aborted) throw loginCancelled();
    const popup = mode === 'popup' ? openPopup(page) : undefined;
    try {
      const loaded = await load(signal);
      return await (popup ? loaded.signInByPopup(popup, signal) : loaded.signInByRedirect(signal));
    } catch (error) {
      throw signal.aborted ? loginCancelled() : error;
    } finally {
      popup?.close();
    }
  };

  return {
    get isResuming() {
      return isReturning;
    },
    async acquire(request) {
      const wasReturning = isReturning;
      isReturning = false;
      request.signal.throwIfAborted();
      try {
        return await (await load(request.signal)).acquire(request);
      } catch (error) {
        const cameBackWithout = wasReturning && isSecureMapError(error) && error.code === 'login-required';
        // Asked again by itself, the page and the sign-in would send the visitor in circles.
        throw cameBackWithout ? cameBack() : error;
      }
    },
    ...(loginUrl ? {signIn} : {}),
    async end(request) {
      const {everywhere, mode, isElsewhere = false, signal} = request;
      const isVisit = logoutUrl !== undefined && !isElsewhere && (everywhere || !canPostLogout);
      const popup = isVisit && mode === 'popup' ? popupIfAllowed(page) : undefined;
      try {
        await (await load(signal)).end(request, popup);
      } finally {
        popup?.close();
      }
    },
    attend(next) {
      attend(next);
      return () => attend(undefined);
    },
  };
};
