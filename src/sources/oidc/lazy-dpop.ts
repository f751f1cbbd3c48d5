import type {Environment} from '../../credentials/environment.js';
import type {Bound, ProofAnswer, Prover, ProofRequest} from '../../credentials/prover.js';
import type {Dpop} from './dpop.js';
import type {DpopKey} from './dpop-keys.js';
import type {OidcSettings} from './options.js';
import {moduleError} from '../module-error.js';

/** What makes a session: one that ends takes its own key away, and not that of another of the same client. */
const nameOf = ({authority, provider, clientId, scope, resource, dpop}: OidcSettings): string =>
  JSON.stringify([authority, provider, clientId, scope, resource, dpop]);

/** Loads what makes keys and proofs when there is a token to bind: most maps never need it. */
export class LazyDpop implements Prover {
  readonly #settings: OidcSettings;
  readonly #environment: Environment;
  #dpop: Dpop | undefined;
  #loading: Promise<Dpop> | undefined;

  constructor(settings: OidcSettings, environment: Environment) {
    this.#settings = settings;
    this.#environment = environment;
  }

  async key(): Promise<DpopKey> {
    return (await this.#load()).key();
  }

  async holds(bound: Bound): Promise<boolean> {
    return (await this.#load()).holds(bound);
  }

  async prove(request: ProofRequest, bound: Bound): Promise<string> {
    return (await this.#load()).prove(request, bound);
  }

  /** Before the first proof there is nothing that an answer could be about. */
  learn(answer: ProofAnswer): boolean {
    return this.#dpop?.learn(answer) ?? false;
  }

  async wipe(): Promise<void> {
    const {keys, databases} = this.#settings;
    const mayBeKept = keys !== undefined || databases !== undefined;
    if (this.#loading ?? mayBeKept) await (await this.#load()).wipe();
  }

  #load(): Promise<Dpop> {
    this.#loading ??= this.#open().catch((cause: unknown) => {
      this.#loading = undefined;
      throw moduleError('provider-unreachable', cause);
    });
    return this.#loading;
  }

  async #open(): Promise<Dpop> {
    const {keys, databases} = this.#settings;
    const {openDpop} = await import('./open-dpop.js');
    this.#dpop = openDpop({name: nameOf(this.#settings), keys, databases}, this.#environment);
    return this.#dpop;
  }
}
