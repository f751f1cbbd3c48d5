import type {EndRequest} from '../../credentials/credential.js';
import type {Environment} from '../../credentials/environment.js';
import {endProviderSession} from '../oidc/logout.js';
import type {Page, Popup} from '../oidc/page.js';
import {openPopup} from '../oidc/popup.js';
import {cookiesFor, REQUESTED_WITH} from './probe.js';
import {pathOf, withReturn} from './sign-in.js';

export interface SignOut {
  readonly url: URL;
  readonly page: Page;
  readonly environment: Environment;
  /** Of the page. */
  readonly origin: string;
  /** Where the popup comes back to. */
  readonly returnPath: string;
  /** Whether credentials may go to that origin by `fetch`. */
  readonly isReachable: boolean;
}

/** The back end knows no sign-out but by its page. */
const WANTS_A_PAGE = new Set([404, 405, 501]);

/** False when the back end has to be visited instead. A lost network is no reason: what is here is forgotten anyway. */
const post = async ({url, environment, origin}: SignOut, signal: AbortSignal): Promise<boolean> => {
  const {status} = await environment.fetch(url.href, {
    method: 'POST',
    signal,
    headers: REQUESTED_WITH,
    credentials: cookiesFor(url, origin),
    redirect: 'manual',
    // The visitor may leave as soon as they are signed out.
    keepalive: true,
  });
  return !WANTS_A_PAGE.has(status);
};

const popupFor = (page: Page, mode: EndRequest['mode']): Popup | undefined => {
  try {
    return mode === 'popup' ? openPopup(page) : undefined;
  } catch {
    // A blocked one must not keep the visitor signed in: then this page goes there.
    return undefined;
  }
};

/**
 * Ends the session of the back end: by a POST, which a page of another site cannot send with our header; by a visit of
 * its page where only that can be done, or where the sign-in provider behind it has to see the visitor (`everywhere`).
 */
export const signOut = async (way: SignOut, {everywhere, mode, signal}: EndRequest): Promise<void> => {
  const {url, page, environment, returnPath, isReachable} = way;
  // Before anything is awaited, since a window may only be opened in the click.
  const popup = everywhere || !isReachable ? popupFor(page, mode) : undefined;
  try {
    if (!everywhere && isReachable && (await post(way, signal))) return;
    const path = popup ? returnPath : pathOf(page.location.href, {hash: true});
    await endProviderSession(withReturn(url, path), {popup, page, environment, signal});
  } finally {
    popup?.close();
  }
};
