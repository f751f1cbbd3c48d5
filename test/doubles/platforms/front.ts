/** A clock that stands still until it is told. */
export interface FakeClock {
  readonly now: () => number;
  advance(seconds: number): void;
}

export const createFakeClock = (start = Date.UTC(2026, 5, 1, 12)): FakeClock => {
  let time = start;
  return {
    now: () => time,
    advance: (seconds) => void (time += seconds * 1000),
  };
};

/** One request as the platform saw it. It holds secrets: for assertions, not for logs. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
  readonly preflight: boolean;
  readonly status: number;
}

/** `without-authorization`: the CORS answers list no header that holds a credential. */
export type CorsMode = 'on' | 'off' | 'without-authorization';

export interface CorsRules {
  /** Request headers that a page may send, beside those with a credential. */
  readonly headers?: readonly string[];
  /** Request headers that hold a credential. Default `Authorization`. */
  readonly credentialHeaders?: readonly string[];
  readonly methods: readonly string[];
  /** Whether cookies may go along; then the origin is named instead of `*`. Default false. */
  readonly credentials?: boolean;
  /** Which requests are answered with CORS headers at all. For a preflight, `method` is the announced one. Default all. */
  readonly applies?: (method: string, url: URL, preflight: boolean) => boolean;
}

/** Says how a request is answered wrongly; `undefined` leaves the true answer. */
export type FaultRule = (request: Request) => Response | Promise<Response> | undefined;

export interface FrontCounts {
  /** Without the preflights. */
  requests: number;
  preflights: number;
  ok: number;
  unauthorized: number;
  forbidden: number;
}

/** What every double has. */
export interface PlatformDouble {
  handle(request: Request): Promise<Response>;
  /** `handle` in the place of `fetch`. */
  readonly fetch: typeof fetch;
  readonly requests: readonly RecordedRequest[];
  readonly counts: FrontCounts;
  /** Switch. */
  cors: CorsMode;
  /** Switch: an upstream that answers HTML, hangs, redirects, 429, … */
  fault: FaultRule | null;
  forget(): void;
}

export interface FrontOptions {
  readonly cors: CorsMode;
  readonly rules: CorsRules;
  readonly answer: (request: Request, url: URL) => Response | Promise<Response>;
}

const emptyCounts = (): FrontCounts => ({requests: 0, preflights: 0, ok: 0, unauthorized: 0, forbidden: 0});

/** Records, counts, and does CORS; the answers come from the platform. */
export const createFront = ({cors, rules, answer}: FrontOptions): PlatformDouble => {
  const requests: RecordedRequest[] = [];
  const counts = emptyCounts();

  const allow = (request: Request, response: Response, preflight: boolean): Response => {
    const origin = request.headers.get('origin');
    if (origin === null) return response;
    const {headers} = response;
    headers.set('access-control-allow-origin', rules.credentials ? origin : '*');
    if (rules.credentials) {
      headers.set('access-control-allow-credentials', 'true');
      headers.append('vary', 'Origin');
    }
    if (!preflight) return response;
    const names = [
      ...(front.cors === 'on' ? (rules.credentialHeaders ?? ['Authorization']) : []),
      ...(rules.headers ?? []),
    ];
    headers.set('access-control-allow-methods', rules.methods.join(', '));
    if (names.length > 0) headers.set('access-control-allow-headers', names.join(', '));
    return response;
  };

  const respond = async (request: Request, url: URL, preflight: boolean): Promise<Response> => {
    const wrong = await front.fault?.(request);
    if (wrong) return wrong;
    const method = preflight ? (request.headers.get('access-control-request-method') ?? '') : request.method;
    const applies = front.cors !== 'off' && (rules.applies?.(method, url, preflight) ?? true);
    if (!applies) return answer(request, url);
    return allow(request, preflight ? new Response(null, {status: 204}) : await answer(request, url), preflight);
  };

  const handle = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const {method, headers} = request;
    const preflight = method === 'OPTIONS' && headers.has('access-control-request-method');
    counts[preflight ? 'preflights' : 'requests'] += 1;
    const body = request.body === null ? '' : await request.clone().text();
    const response = await respond(request, url, preflight);
    requests.push({method, url, headers: new Headers(headers), body, preflight, status: response.status});
    if (!preflight) {
      if (response.ok) counts.ok += 1;
      if (response.status === 401) counts.unauthorized += 1;
      if (response.status === 403) counts.forbidden += 1;
    }
    return response;
  };

  const front: PlatformDouble = {
    handle,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      return handle(request);
    },
    requests,
    counts,
    cors,
    fault: null,
    forget() {
      requests.length = 0;
      Object.assign(counts, emptyCounts());
    },
  };
  return front;
};

export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(body), {status, headers: {'content-type': 'application/json', ...headers}});

export const text = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(body, {status, headers: {'content-type': 'text/plain; charset=utf-8', ...headers}});

export const bytes = (body: Uint8Array<ArrayBuffer>, type: string): Response =>
  new Response(body, {headers: {'content-type': type, 'cache-control': 'private'}});

/** For a resource that exists but not in this way. */
export const notAllowed = (allow: string): Response => new Response(null, {status: 405, headers: {allow}});

/** The token after the scheme, whose case does not matter (RFC 9110, section 11.1). */
export const bearerOf = ({headers}: Request): string | undefined =>
  /^Bearer +(\S.*)$/iu.exec(headers.get('authorization') ?? '')?.[1];

export interface BasicCredential {
  readonly username: string;
  readonly password: string;
}

/** RFC 7617. */
export const basicOf = ({headers}: Request): BasicCredential | undefined => {
  const encoded = /^Basic +([\w+/=-]+)$/iu.exec(headers.get('authorization') ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : {username: decoded.slice(0, colon), password: decoded.slice(colon + 1)};
};

export const cookieOf = ({headers}: Request, name: string): string | undefined =>
  (headers.get('cookie') ?? '')
    .split(/; */u)
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** The fields of a form; `undefined` when the body is none. */
export const formOf = async (request: Request): Promise<URLSearchParams | undefined> => {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/iu.test(type)) return undefined;
  return new URLSearchParams(await request.clone().text());
};

/** A person whom a platform knows. */
export interface Account {
  readonly username: string;
  readonly password: string;
  readonly roles?: readonly string[];
  readonly disabled?: boolean;
}

/**
 * The computer that a request comes from. Assumed: the platforms tell computers apart by their addresses; since a
 * `Request` has none, the first entry of `X-Forwarded-For` stands for it.
 */
export const addressOf = ({headers}: Request): string =>
  headers.get('x-forwarded-for')?.split(',')[0]?.trim() || '127.0.0.1';
