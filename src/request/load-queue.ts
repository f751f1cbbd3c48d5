import type {Environment} from '../credentials/environment.js';
import {Lane} from './lane.js';

/**
 * Does `task`, a request for `url`, when it is its turn. Rejects with the signal's reason as soon as that fires.
 * Everything that a map asks for in great numbers, such as tiles, goes through here.
 */
export type InTurn = <T>(url: string, signal: AbortSignal, task: () => Promise<T>) => Promise<T>;

/** Who asks when: a lane for each origin, so that a server that hangs or is busy holds up nobody but itself. */
export class LoadQueue {
  readonly #environment: Environment;
  readonly #lanes = new Map<string, Lane>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** The queue as one layer sees it. */
  forLayer(layerId: string): InTurn {
    return (url, signal, task) =>
      new Promise((resolve, reject) => {
        const run = async (): Promise<void> => resolve(await task());
        this.#laneOf(url).enter({layerId, url, signal, run, refuse: reject});
      });
  }

  /** What is known of the protocol that an origin speaks (ALPN, such as `h2`); empty: nothing. */
  learn(origin: string, protocol: string): void {
    this.#laneOf(origin).learn(protocol);
  }

  #laneOf(url: string): Lane {
    // Not parsed, which is felt with one for each tile: it only decides who waits for whom.
    const origin = /^[a-z]+:\/\/[^/?#]*/.exec(url)?.[0] ?? '';
    const lane = this.#lanes.get(origin) ?? new Lane(origin, this.#environment);
    this.#lanes.set(origin, lane);
    return lane;
  }
}
