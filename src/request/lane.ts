import type {Environment} from '../credentials/environment.js';
import {RequestError} from './request-error.js';

/** A request that waits for its turn, or has it. */
export interface Ticket {
  readonly layerId: string;
  readonly url: string;
  readonly signal: AbortSignal;
  /** Asks, and hands the answer over. */
  readonly run: () => Promise<void>;
  readonly refuse: (error: unknown) => void;
}

/** As many at once as ol has: HTTP/1.1 has six connections for them, and none of those stands idle. */
const WIDTH = 16;
/** HTTP/2 and later send everything over one connection. */
const MULTIPLEXED = 64;
/** Of HTTP/1.1, for one origin. They are shared out, so that a layer that hangs leaves some to the others. */
const CONNECTIONS = 6;
const LEAST = 2;
/** A layer that has asked for nothing for as long needs no share. */
const REMEMBERED = 60_000;
/** Each of which has waited some times already for a server that said when to come back (`send`). */
const TRIES = 2;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
/** What the first answers do not tell of the protocol, later ones will not either (Timing-Allow-Origin). */
const LOOKS = 8;

/** Empty where the server does not let the page know. */
const protocolOf = (url: string): string =>
  performance
    .getEntriesByName(url, 'resource')
    .map((entry) => (entry instanceof PerformanceResourceTiming ? entry.nextHopProtocol : ''))
    .find(Boolean) ?? '';

/** The requests of a map for one origin: so many at once, a share for each layer, and slower when the server says so. */
export class Lane {
  readonly #environment: Environment;
  #waiting: Ticket[] = [];
  readonly #running = new Set<Ticket>();
  readonly #tries = new WeakMap<Ticket, number>();
  readonly #askedAt = new Map<string, number>();
  #most = WIDTH;
  #width = WIDTH;
  #looks = 0;
  /** Until an answer says else: servers of the web mostly are, those without encryption never. */
  #isMultiplexed: boolean;
  #isPaused = false;
  #isDue = false;

  constructor(origin: string, environment: Environment) {
    this.#environment = environment;
    this.#isMultiplexed = origin.startsWith('https:');
  }

  enter(ticket: Ticket): void {
    const {signal, layerId} = ticket;
    if (signal.aborted) return ticket.refuse(signal.reason);
    signal.addEventListener('abort', () => this.#leave(ticket), {once: true});
    this.#askedAt.set(layerId, this.#environment.now());
    this.#waiting.push(ticket);
    this.#pumpSoon();
  }

  #leave(ticket: Ticket): void {
    this.#waiting = this.#waiting.filter((each) => each !== ticket);
    this.#running.delete(ticket);
    ticket.refuse(ticket.signal.reason);
    this.#pumpSoon();
  }

  /** After this turn, in which the tiles of all layers come in. */
  #pumpSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (!this.#isPaused && this.#waiting.length > 0 && this.#running.size < this.#width) {
      const next = this.#next();
      if (!next) return;
      void this.#run(next);
    }
  }

  /** The first of the layer that has least under way, and less than its share. */
  #next(): Ticket | undefined {
    const counts = new Map<string, number>();
    for (const {layerId} of this.#running) counts.set(layerId, (counts.get(layerId) ?? 0) + 1);
    let [at, least] = [-1, this.#share()];
    for (const [index, {layerId}] of this.#waiting.entries()) {
      const count = counts.get(layerId) ?? 0;
      if (count < least) [at, least] = [index, count];
      if (least === 0) break;
    }
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #share(): number {
    const now = this.#environment.now();
    for (const [layerId, at] of this.#askedAt) if (now - at > REMEMBERED) this.#askedAt.delete(layerId);
    const layers = this.#askedAt.size;
    if (layers < 2) return this.#width;
    return this.#isMultiplexed ? Math.ceil(this.#width / 2) : Math.max(LEAST, Math.floor(CONNECTIONS / layers));
  }

  async #run(ticket: Ticket): Promise<void> {
    this.#running.add(ticket);
    try {
      await ticket.run();
      this.#width = Math.min(this.#most, this.#width + 1);
    } catch (error) {
      if (!ticket.signal.aborted) this.#failed(ticket, error);
    }
    if (this.#looks < LOOKS) this.#look(ticket.url);
    this.#running.delete(ticket);
    this.#pump();
  }

  learn(protocol: string): void {
    if (!protocol) return;
    this.#looks = LOOKS;
    this.#isMultiplexed = /^h[23]/.test(protocol);
    if (this.#isMultiplexed) this.#most = this.#width = MULTIPLEXED;
    this.#pumpSoon();
  }

  #look(url: string): void {
    this.#looks += 1;
    this.learn(protocolOf(url));
  }

  /** "Too many requests" is said to all of them, not to the one that was answered: it waits, and so do the others. */
  #failed(ticket: Ticket, error: unknown): void {
    const tries = (this.#tries.get(ticket) ?? 0) + 1;
    const isBusy = error instanceof RequestError && error.status === 429;
    const pause = (isBusy ? error.retryAfter : undefined) ?? FIRST_PAUSE * 2 ** (tries - 1);
    // Nobody waits for longer: it is a failure then, and the other layers are not held up.
    if (!isBusy || tries >= TRIES || pause > LONGEST_PAUSE) return ticket.refuse(error);
    this.#tries.set(ticket, tries);
    this.#waiting.unshift(ticket);
    this.#width = Math.max(1, Math.floor(this.#width / 2));
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#environment.after(pause, () => {
      this.#isPaused = false;
      this.#pumpSoon();
    });
  }
}
