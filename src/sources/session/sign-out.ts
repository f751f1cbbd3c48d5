import {SecureMapError} from '../../credentials/errors.js';
import type {EndRequest} from '../../credentials/credential.js';
import {endProviderSession} from '../window/logout.js';
import type {Page, Popup} from '../window/page.js';
import type {CookieSessionOptions} from './options.js';
import {cookiesFor, REQUESTED_WITH} from './probe.js';
import {pathOf} from './return.js';
import {withReturn} from './visit.js';

/** The back end knows no sign-out but by its page. */
const WANTS_A_VISIT = new Set([404, 405, 501]);

/** False when the back end has to be visited instead. A lost network is no reason: what is here is forgotten anyway. */
const post = async (url: URL, {environment, origin}: CookieSessionOptions, signal: AbortSignal): Promise<boolean> => {
  const {status} = await environment.fetch(url.href, {
    method: 'POST',
    signal,
    headers: REQUESTED_WITH,
    credentials: cookiesFor(url, origin),
    redirect: 'manual',
    // The visitor may leave as soon as they are signed out.
    keepalive: true,
  });
  if (WANTS_A_VISIT.has(status)) return false;
  if (status < 400) return true;
  throw new SecureMapError('source-unreachable', `logout-url: the site answered with status ${status}.`);
};

/**
 * Ends the session of the back end: by a POST, which a page of another site cannot send with our header; by a visit of
 * its page where only that can be done, or where the sign-in provider behind it has to see the visitor (`everywhere`).
 */
export const signOut = async (
  options: CookieSessionOptions,
  page: Page,
  popup: Popup | undefined,
  {everywhere, signal}: EndRequest,
): Promise<void> => {
  const {logoutUrl, canPostLogout, returnUrl, environment} = options;
  if (!logoutUrl) return;
  // A frame whose window was blocked cannot visit anything: what can be ended is ended, and the rest is told.
  const isStuck = !popup && page.self !== page.top;
  const isDone = (!everywhere || isStuck) && canPostLogout && (await post(logoutUrl, options, signal));
  if (isDone && !everywhere) return;
  const path = popup ? pathOf(returnUrl) : pathOf(page.location.href, {hash: true});
  await endProviderSession(withReturn(logoutUrl, path), {popup, page, environment, signal});
};
