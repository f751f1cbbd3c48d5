import type {IncomingHttpHeaders} from 'node:http';
import {text} from 'node:stream/consumers';
import {streamLog} from './event-stream.js';
import {openExchange, sendReply} from './exchange.js';
import type {Exchange, Reply} from './exchange.js';
import type {LocalServer} from './local-server.js';
import type {RequestLog} from './log.js';
import {createSiteSession, type SiteBackEnd} from './site-session.js';
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
  readonly siteSecret: string;
  readonly controls: DemoControls;
  readonly log: RequestLog;
  readonly sessionIdleSeconds: number;
}

export async function startPageServer(options: PageOptions): Promise<SiteBackEnd> {
  const {server, issuer, mapOrigin, controls, log} = options;
  const files = createStaticFiles({...options, values: {issuer, map: mapOrigin, page: server.origin}});
  const site = createSiteToken(`${issuer}/token`, options.siteSecret);
  let token: Promise<string> | undefined;
  const newToken = async (): Promise<string> => (await askProvider(`${issuer}/token`, options.siteSecret)).access_token;
  const backEnd = await createSiteSession({
    origin: server.origin,
    mapOrigin,
    idleSeconds: options.sessionIdleSeconds,
    token: (isRefused) => (token = isRefused ? newToken() : (token ?? newToken())),
  });

  server.handle((request, response) => {
    const exchange = openExchange(request, response, server.origin);
    const {pathname, searchParams} = exchange.url;
    for (const [name, value] of Object.entries(securityHeaders(pathname, issuer, mapOrigin))) {
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
        credential: exchange.headers.authorization === undefined ? 'none' : 'Bearer',
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

  return backEnd;

  async function answer(exchange: Exchange, body: () => Promise<string>): Promise<Reply> {
    const {method, headers} = exchange;
    const {pathname} = exchange.url;
    if (pathname.startsWith('/bff/') || pathname === '/sign-in.css') return backEnd.answer(exchange, body);
    if (pathname === '/site/login' && (method === 'GET' || method === 'POST')) return site.login(headers, await body());
    if (pathname === '/site/token' && (method === 'GET' || method === 'POST')) return site.answer(headers);
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

function isSameOrigin(headers: IncomingHttpHeaders, origin: string): boolean {
  return (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin' && (headers.origin ?? origin) === origin;
}

/** What a careful site sends: the tag has to live with it. */
function securityHeaders(path: string, issuer: string, mapOrigin: string): Record<string, string> {
  // Tiles that need no credential are plain <img> elements.
  const images = path === '/demo/public.html' ? `'self' ${mapOrigin}` : `'self'`;
  const policy = [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src ${images}`,
    `connect-src 'self' ${issuer} ${mapOrigin}`,
    `frame-src ${mapOrigin}`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types lit-html`,
  ];
  return {
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'strict-origin-when-cross-origin',
    'x-content-type-options': 'nosniff',
  };
}
