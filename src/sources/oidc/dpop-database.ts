import {released} from '../../credentials/abort.js';
import type {Environment} from '../../credentials/environment.js';

/** Keeps key pairs by name, where a page that is loaded again finds them. Rejects where that is not to be had. */
export interface KeyStore {
  read(name: string): Promise<CryptoKeyPair | undefined>;
  /** Keeps a pair where there is none yet; the answer is the one that is kept then, in whichever tab it was made. */
  keep(name: string, pair: CryptoKeyPair): Promise<CryptoKeyPair>;
  remove(name: string): Promise<void>;
}

const DATABASE = 'secure-map';
const STORE = 'dpop-keys';
/** A database may also never answer. Nobody may have to wait for it to sign in or out. */
const PATIENCE = 5_000;

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed.')));
  });

const open = (databases: IDBFactory, version?: number): Promise<IDBDatabase> => {
  const request = databases.open(DATABASE, version);
  request.addEventListener('upgradeneeded', () => {
    if (!request.result.objectStoreNames.contains(STORE)) request.result.createObjectStore(STORE);
  });
  let isGivenUp = false;
  return new Promise((resolve, reject) => {
    // Somebody holds a database of this name open and does not let go of it.
    request.addEventListener('blocked', () => {
      isGivenUp = true;
      reject(new Error('IndexedDB is blocked.'));
    });
    // It comes once they do, and must not be left open then.
    settled(request).then((database) => (isGivenUp ? database.close() : resolve(database)), reject);
  });
};

/** A database of our name that has no such place, whoever made it, gets one beside what is in it. */
const openOurs = async (databases: IDBFactory, signal: AbortSignal): Promise<IDBDatabase> => {
  const database = await open(databases);
  if (signal.aborted || database.objectStoreNames.contains(STORE)) return database;
  const version = database.version + 1;
  database.close();
  return open(databases, version);
};

type Task<T> = (store: IDBObjectStore) => Promise<T>;

const isKey = (value: unknown, use: KeyUsage): value is CryptoKey =>
  value instanceof CryptoKey
  && value.usages.includes(use)
  && value.algorithm.name === 'ECDSA'
  && Reflect.get(value.algorithm, 'namedCurve') === 'P-256';

/** What stands in a database is not trusted: a key that can be read out would be no better than a token. */
const readPair = (value: unknown): CryptoKeyPair | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const {v, privateKey, publicKey}: {v?: unknown; privateKey?: unknown; publicKey?: unknown} = value;
  if (v !== 1 || !isKey(privateKey, 'sign') || !isKey(publicKey, 'verify') || privateKey.extractable) return undefined;
  return {privateKey, publicKey};
};

/** Keys in IndexedDB, which takes them as they are: no script can read them out, they only sign. */
export const createKeyDatabase = (databases: IDBFactory, environment: Pick<Environment, 'after'>): KeyStore => {
  /** Open no longer than for this, so that no other tab waits for it. */
  const run = async <T>(mode: IDBTransactionMode, task: Task<T>, signal: AbortSignal): Promise<T> => {
    const database = await openOurs(databases, signal);
    try {
      // Whoever comes too late changes nothing any more: by now there may be another key.
      signal.throwIfAborted();
      const transaction = database.transaction(STORE, mode);
      signal.addEventListener('abort', () => transaction.abort());
      return await task(transaction.objectStore(STORE));
    } finally {
      database.close();
    }
  };

  const within = async <T>(mode: IDBTransactionMode, task: Task<T>): Promise<T> => {
    const patience = new AbortController();
    const cancel = environment.after(PATIENCE, () => patience.abort(new Error('IndexedDB does not answer.')));
    return released(run(mode, task, patience.signal), patience.signal).finally(cancel);
  };

  return {
    read: (name) => within('readonly', async (store) => readPair(await settled<unknown>(store.get(name)))),
    keep: (name, pair) =>
      // One transaction, so that of two tabs that come at once the second takes the key of the first.
      within('readwrite', async (store) => {
        const kept = readPair(await settled<unknown>(store.get(name)));
        if (kept) return kept;
        await settled(store.put({v: 1, privateKey: pair.privateKey, publicKey: pair.publicKey}, name));
        return pair;
      }),
    remove: (name) => within('readwrite', (store) => settled(store.delete(name))),
  };
};
