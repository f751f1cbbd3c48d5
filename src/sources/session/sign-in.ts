import {isSecureMapError, SecureMapError} from '../../credentials/errors.js';
import type {Environment} from '../../credentials/environment.js';
import {handOver} from '../oidc/hand-over.js';
import {storageOf, type Page, type Popup} from '../oidc/page.js';
import {superviseSignIn} from '../oidc/popup-sign-in.js';
import {isFresh, parseRecord, recordKey, states, sweep} from '../oidc/record.js';
import {leave} from '../oidc/redirect.js';

const PREFIX = 'session-';

/** A path of the page's own origin. Two slashes in front would make it another host (RFC 9700 §4.11). */
export const pathOf = (address: string, {hash: withHash = false} = {}): string => {
  const {pathname, search, hash} = new URL(address);
  return `${pathname}${search}${withHash ? hash : ''}`.replace(/^[/\\]+/, '/');
};

/** The back end's page, told where to send the visitor afterwards. */
export const withReturn = (url: URL, path: string): string => {
  const asked = new URL(url);
  asked.searchParams.set('returnTo', path);
  return asked.href;
};

/**
 * Sends the visitor to the back end in a popup. Resolves when the popup came back, or was closed: what has come of it
 * the back end says.
 */
export const visitInPopup = async (
  popup: Popup,
  url: string,
  {page, environment, signal}: {readonly page: Page; readonly environment: Environment; readonly signal: AbortSignal},
): Promise<'returned' | 'closed'> => {
  const supervised = superviseSignIn(popup, page, environment, signal);
  try {
    await supervised.ask(url, `${PREFIX}${crypto.randomUUID()}`);
    return 'returned';
  } catch (error) {
    signal.throwIfAborted();
    if (isSecureMapError(error) && error.code === 'login-cancelled') return 'closed';
    throw error;
  } finally {
    supervised.end();
    popup.close();
  }
};

/** This page is the popup itself, back from the back end: it has only to say so. */
export const reportReturn = (page: Page, returnPath: string, now: number): void => {
  const storage = storageOf(page);
  if (!storage || pathOf(page.location.href) !== returnPath) return;
  const state = states(storage, 'popup').find((each) => each.startsWith(PREFIX));
  if (state === undefined) return;
  const record = parseRecord(storage.getItem(recordKey('popup', state)));
  storage.removeItem(recordKey('popup', state));
  if (record && isFresh(record, now)) handOver(page, new URLSearchParams({state}));
};

/** Leaves the page for the back end. Notes in the tab that somebody will come back. */
export const visitByRedirect = async (
  page: Page,
  url: string,
  {name, now, signal}: {readonly name: string; readonly now: number; readonly signal: AbortSignal},
): Promise<never> => {
  // Sign-in pages refuse to be framed, and rightly so (RFC 10017).
  if (page.self !== page.top) {
    throw new SecureMapError('login-blocked', 'A page inside a frame cannot be sent to the sign-in page.', {
      reason: 'framed',
    });
  }
  const storage = storageOf(page);
  try {
    if (storage) sweep(storage, now);
    storage?.setItem(recordKey('return', name), JSON.stringify({at: now}));
  } catch {
    // A full storage: the visitor comes back all the same, and is asked for by the first request.
  }
  try {
    return await leave(page, url, signal);
  } catch (error) {
    storage?.removeItem(recordKey('return', name));
    throw error;
  }
};

/** Whether the visitor has just come back from signing in. Used once. */
export const takeReturn = (page: Page, name: string, now: number): boolean => {
  const storage = storageOf(page);
  const record = parseRecord(storage?.getItem(recordKey('return', name)) ?? null);
  storage?.removeItem(recordKey('return', name));
  return record !== undefined && isFresh(record, now);
};
