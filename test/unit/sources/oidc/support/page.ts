import type {Page, Popup} from '../../../../../src/sources/oidc/oidc-source.js';

/** As a browser keeps it: per window, in insertion order. */
export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  [name: string]: unknown;

  get length(): number {
    return this.#items.size;
  }
  clear(): void {
    this.#items.clear();
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.#items.delete(key);
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
  text(): string {
    return JSON.stringify([...this.#items]);
  }
}

type Listening =
  | [type: 'message', listener: (event: MessageEvent) => void]
  | [type: 'pageshow', listener: (event: PageTransitionEvent) => void];

export class FakePopup extends EventTarget implements Popup {
  closed = false;
  /** `foreign` is an address that the page which opened it may not read. */
  place = 'about:blank';
  closings = 0;
  readonly sessionStorage = new MemoryStorage();
  readonly #sent = Promise.withResolvers<URL>();
  readonly location: {readonly href: string; replace(url: string): void};

  constructor() {
    super();
    const getPlace = (): string => {
      if (this.place === 'foreign') throw new DOMException('Blocked a frame', 'SecurityError');
      return this.place;
    };
    const send = (url: string): void => this.#sent.resolve(new URL(url));
    this.location = {
      get href() {
        return getPlace();
      },
      replace: send,
    };
  }

  /** The address that the popup was sent to, once it was. */
  get sent(): Promise<URL> {
    return this.#sent.promise;
  }

  close(): void {
    this.closed = true;
    this.closings += 1;
  }
}

/** A window with an address, a storage and a popup that opens at will. */
export class FakePage implements Page {
  readonly #onMessage = new Set<(event: MessageEvent) => void>();
  readonly #onShow = new Set<(event: PageTransitionEvent) => void>();
  popup = new FakePopup();
  readonly document = {focused: true, hasFocus: (): boolean => this.document.focused};
  readonly opened: string[] = [];
  readonly screenX = 0;
  readonly screenY = 0;
  readonly outerWidth = 1000;
  readonly outerHeight = 800;
  readonly opener: unknown = null;
  readonly self: unknown = this;
  top: unknown = this;
  storage: MemoryStorage | 'blocked' = new MemoryStorage();
  isBlocking = false;
  isClosed = false;
  readonly history = {
    state: null as unknown,
    replaceState: (_: unknown, __: string, url?: string | URL | null): void => {
      this.location.href = String(url);
    },
  };
  readonly #left = Promise.withResolvers<URL>();
  readonly location = {
    href: '',
    origin: '',
    assign: (url: string | URL): void => this.#left.resolve(new URL(url)),
  };

  constructor(href = 'https://city.test/map?layers=a,b#here') {
    this.location.href = href;
    this.location.origin = new URL(href).origin;
  }

  get sessionStorage(): MemoryStorage {
    if (this.storage === 'blocked') throw new DOMException('The operation is insecure.', 'SecurityError');
    return this.storage;
  }

  /** The address that the page went to, once it did. */
  get left(): Promise<URL> {
    return this.#left.promise;
  }

  open(url: string): FakePopup | null {
    this.opened.push(url);
    return this.isBlocking ? null : this.popup;
  }

  close(): void {
    this.isClosed = true;
  }

  /** A message as the return page, or anybody, sends it. */
  receive(
    data: unknown,
    {origin = this.location.origin, source = this.popup}: {origin?: string; source?: unknown} = {},
  ): void {
    const event = new MessageEvent('message', {data, origin});
    Object.defineProperty(event, 'source', {value: source});
    for (const listener of [...this.#onMessage]) listener(event);
  }

  /** The visitor came back with the Back button. */
  show(persisted: boolean): void {
    for (const listener of [...this.#onShow]) listener(new PageTransitionEvent('pageshow', {persisted}));
  }

  /** How much still listens: nothing may be left behind. */
  get listeners(): number {
    return this.#onMessage.size + this.#onShow.size;
  }

  addEventListener(...[type, listener]: Listening): void {
    if (type === 'message') this.#onMessage.add(listener);
    else this.#onShow.add(listener);
  }

  removeEventListener(...[type, listener]: Listening): void {
    if (type === 'message') this.#onMessage.delete(listener);
    else this.#onShow.delete(listener);
  }
}
