import type {BrowserContext, Page} from '@playwright/test';

/** Where in a page something can be found by whoever looks: the name of the place and what stands there. */
export type Places = Readonly<Record<string, string>>;

/** Reads everything of a page that another script, an extension or a curious visitor can read. */
const readPage = async (): Promise<Places> => {
  const markup = (root: Document | ShadowRoot | Element): string => {
    const own = root instanceof Document ? root.documentElement.outerHTML : root.innerHTML;
    const inner = [...root.querySelectorAll('*')].flatMap((element) => [
      element.shadowRoot ? markup(element.shadowRoot) : '',
      element instanceof HTMLInputElement ? element.value : '',
      ...element.getAttributeNames().map((name) => `${name}=${element.getAttribute(name) ?? ''}`),
    ]);
    return [own, ...inner].join('\n');
  };

  /** What hangs on an object, a few steps deep. */
  const reach = (value: unknown, depth: number, seen: Set<unknown>): string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'function' || typeof value !== 'object' || value === null) return [];
    if (seen.has(value) || depth === 0 || value === window || value instanceof Document) return [];
    seen.add(value);
    if (value instanceof Map) return [...value.entries()].flatMap((entry) => reach(entry, depth, seen));
    if (value instanceof Set) return [...value.values()].flatMap((entry) => reach(entry, depth, seen));
    return Reflect.ownKeys(value).flatMap((key) => {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      return [
        String(key),
        ...reach(descriptor && 'value' in descriptor ? descriptor.value : undefined, depth - 1, seen),
      ];
    });
  };

  const storage = (area: Storage): string =>
    Array.from({length: area.length}, (_, index) => area.key(index) ?? '')
      .map((key) => `${key}=${area.getItem(key) ?? ''}`)
      .join('\n');

  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
    });
  const database = async (name: string): Promise<string> => {
    const open = await settled(indexedDB.open(name));
    const parts: unknown[] = [];
    for (const store of open.objectStoreNames) {
      const area = open.transaction(store).objectStore(store);
      parts.push(store, await settled(area.getAllKeys()), await settled(area.getAll()));
    }
    open.close();
    return JSON.stringify(parts);
  };
  const databases = await Promise.all((await indexedDB.databases()).map(({name = ''}) => database(name)));

  const kept: string[] = [];
  for (const name of 'caches' in window ? await caches.keys() : []) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) kept.push(request.url, [...request.headers].join());
  }

  const tags = [...document.querySelectorAll('secure-map')];
  return {
    document: markup(document),
    element: tags.flatMap((tag) => reach(tag, 5, new Set())).join('\n'),
    properties: tags
      .map((tag) => JSON.stringify([tag.token, tag.user, tag.authState, tag.expiresAt, tag.config]))
      .join('\n'),
    localStorage: storage(localStorage),
    sessionStorage: storage(sessionStorage),
    indexedDB: databases.join('\n'),
    caches: kept.join('\n'),
    cookies: document.cookie,
    address: location.href,
    'window name': window.name,
    referrer: document.referrer,
    history: JSON.stringify([history.state, navigation.entries().map(({url}) => url)]),
    performance: JSON.stringify(performance.getEntries()),
    events: JSON.stringify(window.recordedEvents),
  };
};

/** Everything of a page, and what the browser and the console hold besides. */
export const placesOf = async (page: Page, console: readonly string[]): Promise<Places> => {
  const context: BrowserContext = page.context();
  const session = await context.newCDPSession(page);
  const {entries} = await session.send('Page.getNavigationHistory');
  await session.detach();
  return {
    ...(await page.evaluate(readPage)),
    'all cookies': JSON.stringify(await context.cookies()),
    'navigation history': JSON.stringify(entries),
    console: console.join('\n'),
  };
};

/** In which places which of the secrets stand: `document: access token`. */
export const findIn = (places: Places, secrets: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.entries(places).flatMap(([place, text]) =>
    Object.entries(secrets)
      .filter(([, values]) => values.some((value) => isIn(value, text)))
      .map(([name]) => `${place}: ${name}`),
  );

/** As it is, as it stands in an address, or backwards encoded; the signature alone is enough of a JWT. */
const isIn = (secret: string, text: string): boolean => {
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  const signature = secret.split('.')[2];
  if (signature) forms.push(signature);
  return forms.some((form) => form.length > 0 && text.includes(form));
};
