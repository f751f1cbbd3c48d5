import {SecureMapError} from '../../credentials/errors.js';
import {loginCancelled} from './cancelled.js';
import {storageOf, type Page} from './page.js';
import {recordKey, sweep} from './record.js';

const storageBlocked = (): SecureMapError =>
  new SecureMapError('login-blocked', 'The sign-in by redirect needs sessionStorage, which is blocked or full here.', {
    reason: 'storage',
  });

/** Providers refuse to be framed, and rightly so (RFC 10017). */
export const refuseFrame = (page: Page, where: string): void => {
  if (page.self === page.top) return;
  throw new SecureMapError('login-blocked', `A page inside a frame cannot be sent to the ${where}.`, {
    reason: 'framed',
  });
};

/** A redirect needs a storage that outlives the page, and a window of its own. */
export const redirectStorage = (page: Page, now: number): Storage => {
  refuseFrame(page, 'sign-in provider');
  const storage = storageOf(page);
  if (!storage) throw storageBlocked();
  sweep(storage, now);
  return storage;
};

/** A storage that is full is as good as none. */
export const asStorageError = (error: unknown): unknown =>
  error instanceof DOMException && error.name === 'QuotaExceededError' ? storageBlocked() : error;

/** The way back for the return page. It takes a path only, so that no record can lead to another origin. */
export const rememberPath = (page: Page, storage: Storage, state: string, now: number): void => {
  const {pathname, search, hash} = new URL(page.location.href);
  storage.setItem(recordKey('redirect', state), JSON.stringify({path: `${pathname}${search}${hash}`, at: now}));
};

/**
 * Leaves the page. Settles only when that did not happen: by the caller's signal, or when the visitor came back with
 * the Back button and the browser shows the page as it was.
 */
export const leave = (page: Page, url: string, signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.throwIfAborted();
    const end = (): void => {
      page.removeEventListener('pageshow', onShow);
      signal.removeEventListener('abort', end);
      reject(loginCancelled('The visitor came back without signing in.'));
    };
    const onShow = (event: PageTransitionEvent): void => {
      if (event.persisted) end();
    };
    page.addEventListener('pageshow', onShow);
    signal.addEventListener('abort', end, {once: true});
    page.location.assign(url);
  });
