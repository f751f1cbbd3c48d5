import {refuse} from './answer.js';
import type {Authorize} from './handler.js';

/** Who gets past the door, and how the page of another origin is told. */
export interface Gate {
  readonly authorize: Authorize;
  /** Other origins whose pages may ask. */
  readonly origins: ReadonlySet<string>;
  readonly methods: readonly string[];
  /** Told what went wrong behind the door; what the visitor sees does not say it. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const REQUEST_HEADERS = 'accept, authorization, content-type, if-modified-since, if-none-match, range';
const RESPONSE_HEADERS = 'content-length, content-range, etag, last-modified, retry-after';

const isPreflight = ({method, headers}: Request): boolean =>
  method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');

/**
 * Fetch Metadata where the browser sends it (no script can set it), else `Origin`. A request with neither is no page's of
 * another origin: browsers send `Origin` with every cross-origin `fetch`, and `authorize` decides about the rest.
 */
const isFromAllowedPage = ({url, headers}: Request, origins: ReadonlySet<string>): boolean => {
  const origin = headers.get('origin');
  if (origin !== null && origins.has(origin)) return true;
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  return origin === null || origin === new URL(url).origin;
};

const withCors = (response: Response, origin: string | null, {origins}: Gate): Response => {
  if (origins.size === 0) return response;
  response.headers.append('vary', 'Origin');
  if (origin !== null && origins.has(origin)) {
    response.headers.set('access-control-allow-origin', origin);
    response.headers.set('access-control-allow-credentials', 'true');
    response.headers.set('access-control-expose-headers', RESPONSE_HEADERS);
  }
  return response;
};

const preflight = ({headers}: Request, {origins, methods}: Gate): Response =>
  origins.has(headers.get('origin') ?? '')
    ? new Response(null, {
        status: 204,
        headers: {
          'access-control-allow-methods': methods.join(', '),
          'access-control-allow-headers': REQUEST_HEADERS,
          'access-control-max-age': '7200',
          vary: 'Access-Control-Request-Method, Access-Control-Request-Headers',
        },
      })
    : refuse(403, 'cross_site');

const enter = async (request: Request, gate: Gate, answer: () => Promise<Response>): Promise<Response> => {
  if (isPreflight(request)) return preflight(request, gate);
  if (!gate.methods.includes(request.method)) {
    return refuse(405, 'method_not_allowed', {allow: gate.methods.join(', ')});
  }
  try {
    if (!(await gate.authorize(request))) return refuse(401, 'unauthorized');
    if (!isFromAllowedPage(request, gate.origins)) return refuse(403, 'cross_site');
    return await answer();
  } catch (error) {
    gate.onError?.(error);
    return refuse(500, 'server_error');
  }
};

/** Answers a request that the site lets in; says no to the others, in a way that the page they came from can read. */
export const guarded = async (request: Request, gate: Gate, answer: () => Promise<Response>): Promise<Response> =>
  withCors(await enter(request, gate, answer), request.headers.get('origin'), gate);
