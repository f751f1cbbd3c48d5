import type {ProofAnswer} from '../../credentials/prover.js';

/** RFC 9449 §8.1. */
const NONCE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
/** More than this is not a clock that differs but a wrong date. */
const LARGEST_SKEW = 24 * 3600 * 1000;
/** `Date` is in whole seconds, and servers allow for some: less than this was not why a proof was refused. */
const SMALLEST_SKEW = 5_000;

interface Server {
  readonly nonce?: string | undefined;
  /** Milliseconds by which its clock is ahead of ours. */
  readonly skew: number;
}

const UNKNOWN: Server = {skew: 0};

/** What servers want to see in the proofs that they get, each origin for itself. */
export class DpopServers {
  readonly #now: () => number;
  readonly #servers = new Map<string, Server>();

  constructor(now: () => number) {
    this.#now = now;
  }

  of(url: string): Server {
    return this.#servers.get(new URL(url).origin) ?? UNKNOWN;
  }

  /** RFC 9449 §8.2: the nonce of any answer is the next one to be used, also of one that was a success. */
  learn({url, headers, error}: ProofAnswer): boolean {
    const {origin} = new URL(url);
    const before = this.of(url);
    const nonce = headers.get('dpop-nonce');
    const isNonce = nonce !== null && NONCE.test(nonce);
    const skew = error === 'invalid_dpop_proof' ? this.#skewOf(headers) : undefined;
    if (isNonce || skew !== undefined) {
      this.#servers.set(origin, {nonce: isNonce ? nonce : before.nonce, skew: skew ?? before.skew});
    }
    if (error === 'use_dpop_nonce') return isNonce;
    return skew !== undefined && Math.abs(skew - before.skew) >= SMALLEST_SKEW;
  }

  /** Where the page may read `Date`, which on another origin the server has to allow. */
  #skewOf(headers: Headers): number | undefined {
    const skew = Date.parse(headers.get('date') ?? '') - this.#now();
    return Math.abs(skew) <= LARGEST_SKEW ? skew : undefined;
  }
}
