import type {Environment} from '../../credentials/environment.js';
import type {Page, Popup} from './page.js';
import {watchClosing} from './popup.js';
import {leave, refuseFrame} from './redirect.js';

/** Nobody waits for a window that says "you are signed out" and stays open. */
const TIMEOUT = 60_000;
const GRACE = {closed: 0, cut: 0};

interface Way {
  readonly popup: Popup | undefined;
  readonly page: Page;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** Shows the provider's sign-out page, in the popup or in place of this page; in a frame only in a popup. */
export const endProviderSession = async (url: string, {popup, page, environment, signal}: Way): Promise<void> => {
  signal.throwIfAborted();
  if (!popup) {
    refuseFrame(page, 'sign-out page');
    return leave(page, url, signal);
  }
  await new Promise<void>((resolve) => {
    const end = (): void => {
      stopWatching();
      cancelTimeout();
      signal.removeEventListener('abort', end);
      resolve();
    };
    popup.location.replace(url);
    const stopWatching = watchClosing(popup, page, environment, GRACE, end);
    const cancelTimeout = environment.after(TIMEOUT, end);
    signal.addEventListener('abort', end, {once: true});
  });
};
