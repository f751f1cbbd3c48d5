/** The window that the visitor signs in, as the page that opened it sees it. */
export interface Popup {
  readonly closed: boolean;
  readonly location: Pick<Location, 'href' | 'replace'>;
  readonly sessionStorage: Storage;
  close(): void;
  addEventListener(type: 'pagehide', listener: () => void, options: AddEventListenerOptions): void;
}

/** What the sign-in needs of the window that it runs in. */
export interface Page {
  readonly location: Pick<Location, 'href' | 'origin' | 'assign'>;
  readonly history: Pick<History, 'state' | 'replaceState'>;
  readonly document: Pick<Document, 'hasFocus'>;
  readonly sessionStorage: Storage;
  readonly screenX: number;
  readonly screenY: number;
  readonly outerWidth: number;
  readonly outerHeight: number;
  /** Left open in `Window` as well: the other side may be of any origin. */
  readonly opener: unknown;
  readonly self: unknown;
  readonly top: unknown;
  open(url: string, name: string, features: string): Popup | null;
  close(): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  addEventListener(type: 'pageshow', listener: (event: PageTransitionEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'pageshow', listener: (event: PageTransitionEvent) => void): void;
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
