import {Hono} from 'hono';
import type {Handler} from '../handler.js';
import {json, refuse} from '../answer.js';
import {describeError, type Log} from './log.js';

export interface AppOptions {
  readonly byPath: ReadonlyMap<string, Handler>;
  /** False as soon as it is about to end. */
  readonly isReady: () => boolean;
  readonly log: Log;
}

/** Enough to tell what was asked for. A query may hold anything, and so may what some platforms write behind a `;`. */
const loggedPath = (url: string): string => (new URL(url).pathname.split(';', 1)[0] ?? '').slice(0, 200);

/** All routes as one handler, and what a supervisor asks: `/healthz` and `/readyz`. */
export const createApp = ({byPath, isReady, log}: AppOptions): Handler => {
  const logged = async (route: string | undefined, request: Request, handler: Handler): Promise<Response> => {
    const begin = performance.now();
    const response = await handler(request).catch((error: unknown) => {
      log.error('trouble', {route, ...describeError(error)});
      return refuse(500, 'server_error');
    });
    const ms = Math.round(performance.now() - begin);
    const {method, url} = request;
    log.info('request', {method, path: loggedPath(url), route, status: response.status, ms});
    return response;
  };

  const app = new Hono();
  app.get('/healthz', () => json(200, {status: 'ok'}));
  app.get('/readyz', () => (isReady() ? json(200, {status: 'ok'}) : json(503, {status: 'stopping'})));
  // The longest first: a path below another one is a route of its own.
  const paths = [...byPath].toSorted(([a], [b]) => b.length - a.length);
  for (const [path, handler] of paths) {
    app.all(path.endsWith('/') ? `${path}*` : path, ({req}) => logged(path, req.raw, handler));
  }
  app.notFound(({req}) => logged(undefined, req.raw, () => Promise.resolve(refuse(404, 'not_found'))));
  return async (request) => app.fetch(request);
};
