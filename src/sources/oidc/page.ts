/** What the sign-in needs of the window that it runs in. */
export interface Page extends Pick<
  Window,
  | 'open'
  | 'close'
  | 'addEventListener'
  | 'removeEventListener'
  | 'screenX'
  | 'screenY'
  | 'outerWidth'
  | 'outerHeight'
  | 'sessionStorage'
> {
  readonly location: Pick<Location, 'href' | 'origin' | 'assign'>;
  readonly document: Pick<Document, 'hasFocus'>;
  readonly history: Pick<History, 'state' | 'replaceState'>;
  /** Left open in `Window` as well: the other side may be of any origin. */
  readonly opener: unknown;
  readonly self: unknown;
  readonly top: unknown;
}

/** A sandboxed frame and a browser that blocks cookies throw on the mere look at a storage. */
export const storageOf = (page: Pick<Page, 'sessionStorage'>): Storage | undefined => {
  try {
    const storage = page.sessionStorage;
    const probe = 'secure-map.probe';
    storage.setItem(probe, '');
    storage.removeItem(probe);
    return storage;
  } catch {
    return undefined;
  }
};
