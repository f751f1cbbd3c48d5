import type {Environment} from '../credentials/environment.js';

const onWake: Environment['onWake'] = (task) => {
  const listeners = new AbortController();
  const {signal} = listeners;
  const whenVisible = (): void => {
    if (document.visibilityState === 'visible') task();
  };
  document.addEventListener('visibilitychange', whenVisible, {signal});
  // A tab that was frozen in the background wakes with `resume` before it is looked at.
  document.addEventListener('resume', () => task(), {signal});
  addEventListener('pageshow', (event) => event.persisted && task(), {signal});
  addEventListener('online', () => task(), {signal});
  addEventListener('focus', () => task(), {signal});
  return () => listeners.abort();
};

/** What a hand does. A page that moves by itself keeps nobody's session alive. */
const onActivity = (task: () => void): (() => void) => {
  const listeners = new AbortController();
  for (const type of ['pointerdown', 'pointermove', 'wheel', 'keydown']) {
    addEventListener(type, ({isTrusted}) => isTrusted && task(), {
      signal: listeners.signal,
      passive: true,
      capture: true,
    });
  }
  return () => listeners.abort();
};

/** Storage can be blocked: then even looking at it throws. */
const storage = (kind: 'session' | 'local'): Storage | undefined => {
  try {
    return kind === 'session' ? sessionStorage : localStorage;
  } catch {
    return undefined;
  }
};

const onStored: Environment['onStored'] = (task) => {
  const listeners = new AbortController();
  addEventListener('storage', ({key, newValue}) => task(key, newValue === null), {signal: listeners.signal});
  return () => listeners.abort();
};

const openChannel = (name: string): BroadcastChannel | undefined => {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
};

/** The page that the element is in. */
export const browserEnvironment: Environment = {
  now: () => Date.now(),
  after: (delay, task) => {
    const timer = setTimeout(task, delay);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  // Looked up for each request, since the page may have replaced it after us, and called on the window as it must be.
  fetch: (...parameters) => globalThis.fetch(...parameters),
  onWake,
  onActivity,
  isVisible: () => document.visibilityState === 'visible',
  warn: (message) => {
    // oxlint-disable-next-line no-console -- the one place that speaks to the owner of the site
    console.warn(`<secure-map>: ${message}`);
  },
  // Absent where the page is not secure, and where the module is only imported, outside of browsers.
  locks: globalThis.navigator?.locks,
  storage,
  onStored,
  databases: globalThis.indexedDB,
  openChannel,
};

/** The page as one tag sees it: what the owner of the site has to know is said once. */
export const createPageEnvironment = (): Environment => {
  const said = new Set<string>();
  const warn = (message: string): void => {
    if (!said.has(message)) browserEnvironment.warn?.(message);
    said.add(message);
  };
  return {...browserEnvironment, warn};
};
