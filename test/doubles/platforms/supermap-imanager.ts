import {bearerOf, createFront, formOf, json, notAllowed} from './front.js';
import type {CorsMode, PlatformDouble} from './front.js';
import {createSupermapMaps} from './supermap-maps.js';
import {createWorldContent} from './world-content.js';
import type {WorldContent} from './world-content.js';

export interface ImanagerOptions {
  /** Of the Keycloak double. */
  readonly accepts: (accessToken: string) => boolean;
  readonly cors?: CorsMode;
  readonly content?: WorldContent;
}

/** What carried the token of a request, by decreasing priority. */
export type ImanagerTransport = 'header' | 'form' | 'query';

export interface ImanagerDouble extends PlatformDouble {
  /** Of each request that was let in. */
  readonly transports: ImanagerTransport[];
}

const PROBLEM = '/imanager/dashboard/web/api/alert/problem';

/**
 * SuperMap iManager and the map services it manages. Assumed: those take the tokens of Keycloak as iManager does (the
 * sample token has a role for `iserver-14`); CORS is on; the body of a 401.
 */
export const createImanagerDouble = ({
  accepts,
  cors = 'on',
  content = createWorldContent(),
}: ImanagerOptions): ImanagerDouble => {
  const maps = createSupermapMaps(content);
  const transports: ImanagerTransport[] = [];

  const presented = async (
    request: Request,
    url: URL,
  ): Promise<{token: string | undefined; by: ImanagerTransport} | undefined> => {
    // Assumed: of several, the first counts, and nobody looks at the others even when it is wrong.
    if (request.headers.has('authorization')) return {token: bearerOf(request), by: 'header'};
    const form = request.method === 'POST' ? await formOf(request) : undefined;
    if (form?.has('access_token')) return {token: form.get('access_token') ?? undefined, by: 'form'};
    const token = url.searchParams.get('access_token');
    return token === null ? undefined : {token, by: 'query'};
  };

  const answer = async (request: Request, url: URL): Promise<Response> => {
    const credential = await presented(request, url);
    if (credential?.token === undefined || !accepts(credential.token)) return unauthorized();
    transports.push(credential.by);
    if (url.pathname.startsWith('/iserver/services/')) return maps(request, url);
    if (url.pathname !== PROBLEM) return json({error: 'Not Found'}, 404);
    if (request.method !== 'GET' && request.method !== 'POST') return notAllowed('GET, POST');
    return json({number: 0, from: 0, to: 0});
  };

  const front = createFront({
    cors,
    rules: {methods: ['GET', 'POST'], headers: ['Content-Type', 'Cache-Control']},
    answer,
  });
  return Object.assign(front, {transports});
};

const unauthorized = (): Response =>
  json({error: 'unauthorized'}, 401, {'www-authenticate': 'Bearer', 'cache-control': 'no-store'});
