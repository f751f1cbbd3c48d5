import type {Page} from '@playwright/test';

/** What is open in the page at the moment, by kind; listeners and timers by what they are for. */
export interface Held {
  readonly timers: readonly string[];
  readonly intervals: number;
  readonly frames: number;
  readonly listeners: readonly string[];
  readonly bitmaps: number;
  readonly channels: number;
  readonly observers: number;
}

/** Keeps the books of everything that has to be given back. Runs before anything else of the page. */
export const keepBooks = (): void => {
  const timers = new Map<unknown, string>();
  const intervals = new Set<unknown>();
  const frames = new Set<unknown>();
  const listeners = new Map<string, number>();
  let bitmaps = 0;
  let channels = 0;
  let observers = 0;

  const {setTimeout, clearTimeout, setInterval, clearInterval, requestAnimationFrame, cancelAnimationFrame} = window;
  Object.assign(window, {
    setTimeout: (task: (...rest: unknown[]) => void, delay?: number, ...rest: unknown[]) => {
      const id: unknown = setTimeout(
        (...passed: unknown[]) => {
          timers.delete(id);
          task(...passed);
        },
        delay,
        ...rest,
      );
      timers.set(id, `${delay ?? 0} ms`);
      return id;
    },
    clearTimeout: (id?: number) => {
      timers.delete(id);
      clearTimeout(id);
    },
    setInterval: (task: () => void, delay?: number) => {
      const id = setInterval(task, delay);
      intervals.add(id);
      return id;
    },
    clearInterval: (id?: number) => {
      intervals.delete(id);
      clearInterval(id);
    },
    requestAnimationFrame: (task: FrameRequestCallback) => {
      const id: number = requestAnimationFrame((time) => {
        frames.delete(id);
        task(time);
      });
      frames.add(id);
      return id;
    },
    cancelAnimationFrame: (id: number) => {
      frames.delete(id);
      cancelAnimationFrame(id);
    },
  });

  // Listeners on what outlives an element. The same one twice counts once, as it does for the browser.
  const known = new WeakMap<object, Map<string, () => void>>();
  const {addEventListener, removeEventListener} = EventTarget.prototype;
  const nameOf = (target: EventTarget): string | undefined => {
    if (target === window) return 'window';
    if (target === document) return 'document';
    if (target instanceof MediaQueryList) return 'media';
    return target === visualViewport ? 'viewport' : undefined;
  };
  const captures = (options: unknown): boolean =>
    typeof options === 'boolean' ? options : Boolean(Reflect.get(Object(options), 'capture'));
  const ids = new WeakMap<object, number>();
  let lastId = 0;
  const idOf = (listener: object): number => {
    const id = ids.get(listener) ?? (lastId += 1);
    ids.set(listener, id);
    return id;
  };
  const count = (key: string, step: number): void => {
    const next = (listeners.get(key) ?? 0) + step;
    if (next === 0) listeners.delete(key);
    else listeners.set(key, next);
  };
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const name = nameOf(this);
    const removers = known.get(this) ?? new Map<string, () => void>();
    known.set(this, removers);
    const signal: unknown = Reflect.get(Object(options), 'signal');
    if (name && listener && !(signal instanceof AbortSignal && signal.aborted)) {
      const key = `${type} ${idOf(listener)} ${captures(options)}`;
      if (!removers.has(key)) {
        count(`${name} ${type}`, 1);
        const remove = (): void => {
          if (removers.delete(key)) count(`${name} ${type}`, -1);
        };
        removers.set(key, remove);
        if (signal instanceof AbortSignal) addEventListener.call(signal, 'abort', remove, {once: true});
        if (Reflect.get(Object(options), 'once')) addEventListener.call(this, type, remove, {once: true});
      }
    }
    addEventListener.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    if (listener) known.get(this)?.get(`${type} ${idOf(listener)} ${captures(options)}`)?.();
    removeEventListener.call(this, type, listener, options);
  };

  const makeBitmap: (...parameters: [ImageBitmapSource]) => Promise<ImageBitmap> = window.createImageBitmap;
  const {close} = ImageBitmap.prototype;
  const open = new WeakSet<ImageBitmap>();
  Object.assign(window, {
    createImageBitmap: async (...parameters: [ImageBitmapSource]) => {
      const bitmap = await makeBitmap(...parameters);
      // What servers sent. The symbols of features are drawn by ol, which keeps some for all maps of a page.
      if (!(parameters[0] instanceof Blob)) return bitmap;
      open.add(bitmap);
      bitmaps += 1;
      return bitmap;
    },
  });
  ImageBitmap.prototype.close = function () {
    if (open.delete(this)) bitmaps -= 1;
    close.call(this);
  };

  // No classes here: what they are made into for older engines needs helpers that the page does not have.
  const openChannels = new WeakSet<BroadcastChannel>();
  window.BroadcastChannel = new Proxy(BroadcastChannel, {
    construct(target, [name]: [string]) {
      const channel = new target(name);
      openChannels.add(channel);
      channels += 1;
      return channel;
    },
  });
  const {close: closeChannel} = BroadcastChannel.prototype;
  BroadcastChannel.prototype.close = function () {
    if (openChannels.delete(this)) channels -= 1;
    closeChannel.call(this);
  };

  const watched = new WeakMap<ResizeObserver, Set<Element>>();
  const watchedBy = (observer: ResizeObserver): Set<Element> => {
    const elements = watched.get(observer) ?? new Set();
    watched.set(observer, elements);
    return elements;
  };
  const {observe, unobserve, disconnect} = ResizeObserver.prototype;
  ResizeObserver.prototype.observe = function (target, options) {
    const elements = watchedBy(this);
    if (!elements.has(target)) observers += 1;
    elements.add(target);
    observe.call(this, target, options);
  };
  ResizeObserver.prototype.unobserve = function (target) {
    if (watchedBy(this).delete(target)) observers -= 1;
    unobserve.call(this, target);
  };
  ResizeObserver.prototype.disconnect = function () {
    const elements = watchedBy(this);
    observers -= elements.size;
    elements.clear();
    disconnect.call(this);
  };

  Object.assign(window, {
    held: (): Held => ({
      timers: [...timers.values()],
      intervals: intervals.size,
      frames: frames.size,
      listeners: [...listeners].map(([name, number]) => `${name} × ${number}`).toSorted(),
      bitmaps,
      channels,
      observers,
    }),
  });
};

export const heldBy = (page: Page): Promise<Held> =>
  page.evaluate(() => {
    const held: unknown = Reflect.get(window, 'held');
    return typeof held === 'function' ? held() : undefined;
  });
