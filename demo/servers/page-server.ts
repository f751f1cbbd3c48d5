import type {IncomingHttpHeaders} from 'node:http';
import {text} from 'node:stream/consumers';
import type {PlanviewerOAuth} from '../../test/doubles/platforms/planviewer-client.js';
import {createBrokers} from './brokers.js';
import {streamLog} from './event-stream.js';
import {openExchange, sendReply} from './exchange.js';
import type {Exchange, Reply} from './exchange.js';
import {toReply, toRequest} from './fetch-exchange.js';
import type {LocalServer} from './local-server.js';
import type {LogEntry, RequestLog} from './log.js';
import {securityHeaders} from './page-policy.js';
import type {PlatformOrigins} from './platforms.js';
import {createSiteSession} from './site-session.js';
import {askProvider, createSiteToken} from './site-token.js';
import {createStaticFiles} from './static-files.js';

/** What the buttons of the demo pages do. */
export interface DemoControls {
  expire(): void;
  revoke(): void;
  offline(): void;
  online(): void;
}

export interface PageOptions {
  readonly server: LocalServer;
  readonly root: string;
  readonly dist: string;
  readonly issuer: string;
  readonly mapOrigin: string;
  readonly platforms: PlatformOrigins;
  /** Planviewer as a client of the site. */
  readonly planviewer: PlanviewerOAuth;
  readonly siteSecret: string;
  readonly controls: DemoControls;
  readonly log: RequestLog;
  readonly sessionIdleSeconds: number;
}

/** What the site knows of its visitors. */
export interface Site {
  /** Ends every session. */
  endAll(): void;
}

export async function startPageServer(options: PageOptions): Promise<Site> {
  const {server, issuer, mapOrigin, platforms, controls, log} = options;
  const files = createStaticFiles({...options, values: {...platforms, issuer, map: mapOrigin, page: server.origin}});
  const site = createSiteToken(`${issuer}/token`, options.siteSecret);
  let token: Promise<string> | undefined;
  const newToken = async (): Promise<string> => (await askProvider(`${issuer}/token`, options.siteSecret)).access_token;
  const backEnd = await createSiteSession({
    origin: server.origin,
    mapOrigin,
    idleSeconds: options.sessionIdleSeconds,
    token: (isRefused) => (token = isRefused ? newToken() : (token ?? newToken())),
  });

  const brokers = createBrokers({
    origins: platforms,
    planviewer: options.planviewer,
    isKnown: site.knows,
    isSignedIn: backEnd.knows,
  });

  server.handle((request, response) => {
    const exchange = openExchange(request, response, server.origin);
    const {pathname, searchParams} = exchange.url;
    for (const [name, value] of Object.entries(securityHeaders(pathname, {...platforms, issuer, map: mapOrigin}))) {
      response.setHeader(name, value);
    }
    if (pathname === '/demo/events') {
      if (isSameOrigin(exchange.headers, server.origin))
        streamLog(log, Number(searchParams.get('since') ?? Infinity), response);
      else sendReply(response, {status: 403});
      return;
    }

    const at = Date.now();
    response.on('close', () => {
      log.add({
        at,
        server: 'page',
        method: exchange.method,
        path: pathname,
        status: response.headersSent ? response.statusCode : 0,
        preflight: exchange.method === 'OPTIONS',
        credential: credentialOf(exchange.headers),
        aborted: !response.writableEnded,
      });
    });
    answer(exchange, () => text(request))
      .then((reply) => sendReply(response, reply))
      .catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
  });

  return {
    endAll() {
      site.endAll();
      backEnd.endAll();
    },
  };

  async function answer(exchange: Exchange, body: () => Promise<string>): Promise<Reply> {
    const {method, headers} = exchange;
    const {pathname} = exchange.url;
    if (pathname.startsWith('/bff/') || pathname === '/sign-in.css') return backEnd.answer(exchange, body);
    if (pathname === '/site/login' && (method === 'GET' || method === 'POST')) return site.login(headers, await body());
    if (pathname === '/site/token' && (method === 'GET' || method === 'POST')) return site.answer(headers);
    for (const [path, broker] of brokers) {
      if (pathname === path || pathname.startsWith(`${path}/`))
        return toReply(await broker(toRequest(exchange, await body())));
    }
    const control = /^\/demo\/control\/(\w+)$/u.exec(pathname)?.[1];
    if (control !== undefined) return runControl(control, method, headers);
    if (method !== 'GET') return {status: 405, headers: {allow: 'GET'}};

    const reply = await files(pathname);
    const isPage = reply.status === 200 && (pathname === '/' || pathname.endsWith('.html'));
    const cookie = isPage ? site.cookieFor(headers) : undefined;
    return cookie === undefined ? reply : {...reply, headers: {...reply.headers, 'set-cookie': cookie}};
  }

  function runControl(name: string, method: string, headers: IncomingHttpHeaders): Reply {
    if (method !== 'POST') return {status: 405, headers: {allow: 'POST'}};
    if (!isSameOrigin(headers, server.origin)) return {status: 403};
    if (name !== 'expire' && name !== 'revoke' && name !== 'offline' && name !== 'online') return {status: 404};
    controls[name]();
    return {status: 204, headers: {'cache-control': 'no-store'}};
  }
}

function credentialOf({authorization}: IncomingHttpHeaders): LogEntry['credential'] {
  if (authorization === undefined) return 'none';
  return authorization.startsWith('Basic ') ? 'secret' : 'Bearer';
}

function isSameOrigin(headers: IncomingHttpHeaders, origin: string): boolean {
  return (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin' && (headers.origin ?? origin) === origin;
}
