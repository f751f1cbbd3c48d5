import {digest} from './digest.js';
import type {KeyStore} from './dpop-database.js';

/** The part of a public key that goes into every proof. */
export type PublicJwk = Readonly<Record<'kty' | 'crv' | 'x' | 'y', string>>;

export interface DpopKey {
  /** The thumbprint (RFC 7638), which a bound token names as `cnf.jkt`. */
  readonly id: string;
  readonly jwk: PublicJwk;
  readonly privateKey: CryptoKey;
  /** Outlives this page. */
  readonly isKept: boolean;
}

/** ES256, which every server that takes DPoP has to know. The private half can sign and cannot be read. */
const generate = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey({name: 'ECDSA', namedCurve: 'P-256'}, false, ['sign', 'verify']);

const describe = async ({privateKey, publicKey}: CryptoKeyPair, isKept: boolean): Promise<DpopKey> => {
  const {kty = '', crv = '', x = '', y = ''} = await crypto.subtle.exportKey('jwk', publicKey);
  // RFC 7638 §3: these members, in this order.
  return {id: await digest(JSON.stringify({crv, kty, x, y})), jwk: {kty, crv, x, y}, privateKey, isKept};
};

/** The key of one session: in the memory of this page and, where there is a store, for the next page. */
export class DpopKeys {
  readonly #name: string;
  readonly #store: KeyStore | undefined;
  #pair: CryptoKeyPair | undefined;
  #known: DpopKey | undefined;
  /** One thing after the other, so that a key that is being made does not outlive the sign-out. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(name: string, store?: KeyStore) {
    this.#name = name;
    this.#store = store;
  }

  /** The key to sign in with; made when there is none. Another tab may have brought a new one since. */
  current(): Promise<DpopKey> {
    return this.#inTurn(async () => {
      const kept = await this.#attempt(async (store) => {
        const stored = await store.read(this.#name);
        return stored ?? store.keep(this.#name, this.#pair ?? (await generate()));
      });
      return this.#take(kept ?? this.#pair ?? (await generate()), kept !== undefined);
    });
  }

  /** The key of that thumbprint, if it is still there. */
  async find(id: string | undefined): Promise<DpopKey | undefined> {
    if (this.#known?.id === id) return this.#known;
    return this.#inTurn(async () => {
      const stored = await this.#attempt((store) => store.read(this.#name));
      const key = stored && (await describe(stored, true));
      if (!stored || !key || key.id !== id) return undefined;
      return this.#take(stored, true);
    });
  }

  async wipe(): Promise<void> {
    this.#known = undefined;
    await this.#inTurn(async () => {
      this.#pair = undefined;
      this.#known = undefined;
      await this.#attempt((store) => store.remove(this.#name));
    });
  }

  async #take(pair: CryptoKeyPair, isKept: boolean): Promise<DpopKey> {
    const key = await describe(pair, isKept);
    this.#pair = pair;
    this.#known = key;
    return key;
  }

  /** Where the store is blocked or broken, memory has to do. */
  async #attempt<T>(task: (store: KeyStore) => Promise<T>): Promise<T | undefined> {
    try {
      return this.#store && (await task(this.#store));
    } catch {
      return undefined;
    }
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(task);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
