import {text} from 'node:stream/consumers';
import {openExchange, sendReply} from './exchange.js';
import {toReply, toRequest} from './fetch-exchange.js';
import type {LocalServer} from './local-server.js';
import type {LogEntry, RequestLog} from './log.js';

/** Where platforms hand out credentials: what goes there holds a secret, and is for back ends. */
const FOR_BACK_ENDS =
  /\/(?:login_check|security\/rest\/token|openid-connect|security\/tokens|user\/token|maps_api\/v2\/server)\b/u;

/** A platform at an origin of its own. */
export function servePlatform(
  server: LocalServer,
  handle: (request: Request) => Promise<Response>,
  log: RequestLog,
): void {
  server.handle((message, response) => {
    const at = Date.now();
    const exchange = openExchange(message, response, server.origin);
    const {method, url, headers} = exchange;
    const hasToken =
      headers.authorization !== undefined
      || headers['token'] !== undefined
      || /[?&](?:access_)?token=/u.test(url.search);
    response.on('close', () => {
      const status = response.headersSent ? response.statusCode : 0;
      log.add({
        at,
        server: 'platform',
        method,
        path: decodeURI(url.pathname),
        status,
        preflight: method === 'OPTIONS',
        credential: credentialOf(url.pathname, hasToken, status),
        aborted: !response.writableEnded && !server.offline,
      });
    });
    text(message)
      .then(async (body) => toReply(await handle(toRequest(exchange, body))))
      .then((reply) => {
        if (!exchange.signal.aborted) sendReply(response, reply);
      })
      .catch((error: unknown) => {
        if (exchange.signal.aborted) return;
        console.error(error);
        response.destroy();
      });
  });
}

function credentialOf(path: string, hasToken: boolean, status: number): LogEntry['credential'] {
  if (FOR_BACK_ENDS.test(path)) return 'secret';
  if (!hasToken) return 'none';
  return status === 401 ? 'refused' : 'Bearer';
}
