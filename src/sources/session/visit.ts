import {isSecureMapError} from '../../credentials/errors.js';
import {closePopup} from '../window/close-popup.js';
import {storageOf, type Page, type Popup} from '../window/page.js';
import {superviseSignIn} from '../window/popup-sign-in.js';
import {recordKey, sweep} from '../window/record.js';
import {leave, refuseFrame} from '../window/redirect.js';
import type {CookieSessionOptions} from './options.js';
import {pathOf, PREFIX} from './return.js';

/** The back end's page, told where to send the visitor afterwards. */
export const withReturn = (url: URL, path: string): string => {
  const asked = new URL(url);
  asked.searchParams.set('returnTo', path);
  return asked.href;
};

/**
 * Sends the visitor to the back end's sign-in in a popup. Resolves when the popup came back, or was closed: what has
 * come of it the back end says.
 */
export const visitInPopup = async (
  popup: Popup,
  page: Page,
  {loginUrl, sessionUrl, returnUrl, environment}: CookieSessionOptions,
  signal: AbortSignal,
): Promise<'returned' | 'closed'> => {
  const supervised = superviseSignIn(popup, page, environment, signal);
  try {
    await supervised.ask(withReturn(loginUrl ?? sessionUrl, pathOf(returnUrl)), `${PREFIX}${crypto.randomUUID()}`);
    popup.close();
    return 'returned';
  } catch (error) {
    closePopup(popup, environment);
    signal.throwIfAborted();
    if (isSecureMapError(error) && error.code === 'login-cancelled') return 'closed';
    throw error;
  } finally {
    supervised.end();
  }
};

/** Leaves the page for the back end's sign-in. Notes in the tab that somebody will come back. */
export const visitByRedirect = async (
  page: Page,
  {loginUrl, sessionUrl, environment}: CookieSessionOptions,
  signal: AbortSignal,
): Promise<never> => {
  refuseFrame(page, 'sign-in page');
  const storage = storageOf(page);
  const key = recordKey('return', sessionUrl.href);
  try {
    if (storage) sweep(storage, environment.now());
    storage?.setItem(key, JSON.stringify({at: environment.now()}));
  } catch {
    // A full storage: the visitor comes back all the same, and is asked for by the first request.
  }
  try {
    const path = pathOf(page.location.href, {hash: true});
    return await leave(page, withReturn(loginUrl ?? sessionUrl, path), signal);
  } catch (error) {
    storage?.removeItem(key);
    throw error;
  }
};
