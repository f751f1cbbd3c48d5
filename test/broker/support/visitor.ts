import assert from 'node:assert/strict';
import {inspect} from 'node:util';
import {createMapProxy, createTokenBroker, type TokenBroker} from '../../../src/broker/index.js';
import type {RecordedRequest} from '../../doubles/platforms/front.js';
import type {PlatformCase, PlatformOptions, Started} from './platform-case.js';

export const SITE = 'https://site.example';
/** What a visitor brings along, and no platform may see. */
export const VISITOR_SECRET = 'visitor-secret-canary';

export interface VisitorOptions {
  readonly options?: PlatformOptions | undefined;
  readonly authorize?: () => boolean | Promise<boolean>;
  readonly origins?: readonly string[];
  /** Seconds. */
  readonly timeout?: number;
}

export interface Visitor extends Started {
  readonly broker: TokenBroker;
  /** Asks the broker's `token-url`. */
  token(path?: string, init?: RequestInit): Promise<Response>;
  /** Asks for the part of the map, or for another path, through the proxy. */
  map(path?: string, init?: RequestInit): Promise<Response>;
  credentialRequests(): readonly RecordedRequest[];
  mapRequests(): readonly RecordedRequest[];
  /** That nothing which left the server holds a secret. At the end of every test. */
  assertNothingLeaked(): void;
}

const bytesOf = async (response: Response): Promise<Response> => {
  const body = response.body === null ? null : await response.arrayBuffer();
  return new Response(body, {status: response.status, headers: response.headers});
};

/** A site with a broker and a proxy for the platform, and somebody who visits it. */
export const visit = (platform: PlatformCase, visitor: VisitorOptions = {}): Visitor => {
  const {options = platform.options, authorize = () => true, origins = [], timeout = 30} = visitor;
  const started = platform.start();
  const seen: string[] = [];
  const common = {
    authorize,
    origins,
    timeout,
    fetch: started.fetch,
    now: started.clock.now,
    onError: (error: unknown) => void seen.push(inspect(error, {depth: 8, showHidden: true})),
  };
  const broker = createTokenBroker({...options, ...common});
  const {upstream, paths} = platform;
  const proxy = createMapProxy({mount: '/map', upstream, paths, broker, ...common});

  const ask = async (
    handler: (request: Request) => Promise<Response>,
    path: string,
    init: RequestInit,
  ): Promise<Response> => {
    const headers = new Headers({cookie: `site=${VISITOR_SECRET}`, authorization: `Bearer ${VISITOR_SECRET}`});
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    const response = await bytesOf(await handler(new Request(`${SITE}${path}`, {...init, headers})));
    const told = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    seen.push(told.join('\n'), Buffer.from(await response.clone().arrayBuffer()).toString('latin1'));
    return response;
  };

  return {
    ...started,
    broker,
    token: (path = '/token', init = {}) => ask(broker, path, init),
    map: (path = platform.path, init = {}) => ask(proxy, `/map${path}`, init),
    credentialRequests: () => started.requests().filter((request) => started.isForCredential(request)),
    mapRequests: () =>
      started.requests().filter((request) => !started.isForCredential(request) && !started.isSignOut(request)),
    assertNothingLeaked() {
      const secrets = started.secrets();
      const leaked = secrets.filter((secret) => seen.some((text) => text.includes(secret)));
      assert.deepEqual(leaked, [], 'a secret was seen');
      for (const {url, headers, body} of started.requests())
        assert.ok(!`${url} ${[...headers].join(' ')} ${body}`.includes(VISITOR_SECRET), 'a platform saw the visitor');
    },
  };
};
