type Step = (request: Request, count: number) => Response | Error | Promise<Response>;

/** Never answers; is aborted like a real one. */
export const hanging = ({signal}: Request): Promise<Response> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), {once: true});
  });

export const offline = (): Error => new TypeError('Failed to fetch');

/** Stands where `fetch` stands and answers by script; keeps every request as the network would see it. */
export class ScriptedFetch {
  readonly requests: Request[] = [];
  step: Step;

  constructor(step: Step) {
    this.step = step;
  }

  /** Requests for the map, without the probes of reachability. */
  get sent(): Request[] {
    return this.requests.filter(({mode}) => mode !== 'no-cors');
  }

  get probes(): Request[] {
    return this.requests.filter(({mode}) => mode === 'no-cors');
  }

  /** The `Authorization` header of each request. */
  get credentials(): (string | null)[] {
    return this.sent.map(({headers}) => headers.get('authorization'));
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    this.requests.push(request);
    const answer = await this.step(request, this.requests.length);
    if (answer instanceof Error) throw answer;
    return answer;
  };
}
