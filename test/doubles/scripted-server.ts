import type {Request, RequestOptions} from '../../src/request/request.js';

export type Answer = Response | Error;

export interface Asked {
  /** With the part of the file as its fragment, where a part was asked for: `…/a.pmtiles#bytes=0-9`. */
  readonly url: string;
  readonly signal: AbortSignal | undefined;
  state: 'waiting' | 'answered' | 'failed' | 'aborted';
}

/**
 * Stands where the authorized fetch of the map stands, and answers by script: at once, when it is told to, or never.
 * Keeps every request, so that tests can count.
 */
export class ScriptedServer {
  readonly asked: Asked[] = [];
  answer: (url: string, options: RequestOptions) => Answer | Promise<Answer>;
  #gate: PromiseWithResolvers<void> | undefined;
  #watchers: {count: number; seen: () => void}[] = [];

  constructor(answer: ScriptedServer['answer']) {
    this.answer = answer;
  }

  /** From now on requests wait for `release`. */
  hold(): void {
    this.#gate ??= Promise.withResolvers();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** Forgets what was asked, so that the next count begins at 0. */
  forget(): void {
    this.asked.length = 0;
  }

  count(state: Asked['state']): number {
    return this.asked.filter((each) => each.state === state).length;
  }

  /** How often each URL was asked for. */
  tally(): Map<string, number> {
    return this.asked.reduce((all, {url}) => all.set(url, (all.get(url) ?? 0) + 1), new Map<string, number>());
  }

  /** Resolves as soon as there have been `count` requests. */
  async got(count: number): Promise<void> {
    if (this.asked.length >= count) return;
    await new Promise<void>((seen) => this.#watchers.push({count, seen}));
  }

  readonly request: Request = async (url, options = {}) => {
    const {signal, headers} = options;
    const part = headers?.['range'];
    const asked: Asked = {url: part ? `${url}#${part}` : url, signal, state: 'waiting'};
    this.asked.push(asked);
    this.#watchers = this.#watchers.filter(({count, seen}) => {
      const due = this.asked.length >= count;
      if (due) seen();
      return !due;
    });
    const gate = this.#gate?.promise;
    const aborted = new Promise<never>((_, reject) => {
      const abort = (): void => {
        if (asked.state === 'waiting') asked.state = 'aborted';
        reject(new DOMException('aborted', 'AbortError'));
      };
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, {once: true});
    });
    aborted.catch(() => undefined);
    if (gate) await Promise.race([gate, aborted]);
    const answer = await Promise.race([this.answer(url, options), aborted]);
    if (answer instanceof Error) {
      asked.state = 'failed';
      throw answer;
    }
    asked.state = 'answered';
    return answer.clone();
  };
}
