import type {Environment} from '../../credentials/environment.js';
import {SecureMapError} from '../../credentials/errors.js';
import type {Bound, ProofAnswer, Prover, ProofRequest} from '../../credentials/prover.js';
import {digest} from './digest.js';
import type {DpopKey, DpopKeys} from './dpop-keys.js';
import {signProof} from './dpop-proof.js';
import {DpopServers} from './dpop-servers.js';

/** RFC 9449 §4.2: without query and fragment, which in a WMS request is most of it. */
const targetOf = (url: string): string => {
  const {origin, pathname} = new URL(url);
  return `${origin}${pathname}`;
};

/** Demonstrating proof of possession (RFC 9449): a token that was stolen is worth nothing without our key. */
export class Dpop implements Prover {
  readonly #keys: DpopKeys;
  readonly #environment: Environment;
  readonly #servers: DpopServers;
  /** One digest per token and not per tile. */
  readonly #hashes = new WeakMap<Bound, Promise<string>>();

  constructor(keys: DpopKeys, environment: Environment) {
    this.#keys = keys;
    this.#environment = environment;
    this.#servers = new DpopServers(() => environment.now());
  }

  /** The key to sign in with. */
  key(): Promise<DpopKey> {
    return this.#keys.current();
  }

  async holds({keyId}: Bound): Promise<boolean> {
    return (await this.#keys.find(keyId)) !== undefined;
  }

  async prove({method, url}: ProofRequest, bound: Bound): Promise<string> {
    const [key, ath] = await Promise.all([this.#keys.find(bound.keyId), this.#hashOf(bound)]);
    if (!key) {
      throw new SecureMapError('session-over', 'The key is gone that the credential is bound to.', {
        reason: 'dpop-key',
      });
    }
    // Read last: what was learnt meanwhile counts.
    const {nonce, skew} = this.#servers.of(url);
    const issuedAt = Math.floor((this.#environment.now() + skew) / 1000);
    return signProof(key, {htm: method, htu: targetOf(url), ath, nonce, issuedAt});
  }

  learn(answer: ProofAnswer): boolean {
    return this.#servers.learn(answer);
  }

  wipe(): Promise<void> {
    return this.#keys.wipe();
  }

  #hashOf(bound: Bound): Promise<string> | undefined {
    if (bound.token === undefined) return undefined;
    const known = this.#hashes.get(bound) ?? digest(bound.token);
    this.#hashes.set(bound, known);
    return known;
  }
}
