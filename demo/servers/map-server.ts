import type {JWK} from 'jose';
import {createAccessCheck} from './access.js';
import type {Access} from './access.js';
import {createBridgePage} from './bridge-page.js';
import {createProofJudge} from './dpop.js';
import type {DpopMode} from './dpop.js';
import {applyFault, openExchange, pause, sendCut, sendReply, untilClosed} from './exchange.js';
import type {Exchange, Reply} from './exchange.js';
import type {FaultRule} from './fault.js';
import type {LocalServer} from './local-server.js';
import type {RequestLog} from './log.js';
import {createMapContent, REQUIRED_ROLE} from './map-content.js';
import type {MapRequestKind} from './map-content.js';
import {countAnswer, countRequest, emptyMapCounts} from './map-counts.js';
import type {MapCounts} from './map-counts.js';

export interface MapServer {
  readonly origin: string;
  readonly counts: Readonly<MapCounts>;
  resetCounts(): void;
  /** From now on every access token issued so far is answered with 401. */
  expireTokens(): void;
  setOffline(offline: boolean): void;
  /** `null` ends it. A fault without `status` and `body` changes the true answer. */
  setFault(rule: FaultRule | null): void;
}

export interface MapOptions {
  readonly server: LocalServer;
  readonly issuer: string;
  readonly pageOrigin: string;
  readonly publicKeys: readonly JWK[];
  readonly generation: () => number;
  readonly expireTokens: () => void;
  readonly log: RequestLog;
  readonly latencyMs: number;
  readonly maxAgeSeconds: number;
  readonly dpop: DpopMode;
  /** Where the built files are. */
  readonly dist: string;
}

const DPOP = 'DPoP algs="ES256"';

export function startMapServer(options: MapOptions): MapServer {
  const {server, pageOrigin, log} = options;
  const bridge = createBridgePage(options);
  const content = createMapContent(server.origin);
  const proofs = options.dpop === 'off' ? undefined : createProofJudge(options.dpop === 'nonce');
  const checkAccess = createAccessCheck({...options, audience: server.origin, proofs});
  const counts = emptyMapCounts();
  let fault: FaultRule | null = null;

  server.handle((request, response) => {
    const exchange = openExchange(request, response, server.origin);
    const at = Date.now();
    const {pathname, searchParams} = exchange.url;
    const kind = content.kindOf(pathname);
    const bridgeFile = exchange.method === 'GET' ? bridge(pathname) : undefined;
    const preflight = exchange.method === 'OPTIONS';
    let access: Access = {kind: 'none'};
    let cut = false;
    // What is counted is what the map asks for.
    if (!bridgeFile) countRequest(counts, kind, preflight);

    response.on('close', () => {
      const aborted = !response.writableEnded && !cut && !server.offline;
      if (aborted) counts.aborted += 1;
      log.add({
        at,
        server: 'map',
        method: exchange.method,
        path: kind === 'wms' ? `${pathname} ${searchParams.get('REQUEST') ?? ''}`.trim() : pathname,
        status: response.headersSent ? response.statusCode : 0,
        preflight,
        credential: access.kind === 'granted' ? access.type : access.kind,
        aborted,
      });
    });

    const answer = async (): Promise<void> => {
      if (bridgeFile) return sendReply(response, await bridgeFile);
      const {authorization, dpop: proof} = exchange.headers;
      access = await checkAccess({
        authorization,
        proof: typeof proof === 'string' ? proof : undefined,
        method: exchange.method,
        url: exchange.url,
      });
      const wrong =
        fault?.({
          method: exchange.method,
          path: pathname,
          query: searchParams,
          preflight,
          authorized: exchange.headers.authorization !== undefined,
          kind,
        }) ?? {};
      if (!(await pause((preflight ? 0 : options.latencyMs) + (wrong.delayMs ?? 0), exchange.signal))) return;
      if (wrong.hang === true) return untilClosed(exchange.signal);
      const reply = applyFault(withCors(await respond(exchange, kind, access), exchange, kind), wrong);
      if (exchange.signal.aborted) return;
      if (!preflight) countAnswer(counts, reply.status);
      cut = wrong.cut === true;
      if (cut) sendCut(response, reply);
      else sendReply(response, reply);
    };
    answer().catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });

  async function respond({method, url}: Exchange, kind: MapRequestKind, access: Access): Promise<Reply> {
    if (method === 'OPTIONS') return preflight();
    if (method !== 'GET') return plain(405, 'Only GET.', {allow: 'GET, OPTIONS'});
    if (kind === 'public') return cached(await content.answer(url), `public, max-age=${options.maxAgeSeconds}`);

    // A request without a credential is told only how to come with one (RFC 6750, section 3.1).
    if (access.kind === 'none')
      return plain(401, 'Sign in first.', {'www-authenticate': proofs ? `Bearer, ${DPOP}` : 'Bearer'});
    if (access.kind === 'refused') {
      const {reason, proofError} = access;
      const challenge = proofError
        ? `${DPOP}, error="${proofError}", error_description="${reason}"`
        : `Bearer error="invalid_token", error_description="${reason}"`;
      return plain(401, reason, {'www-authenticate': challenge});
    }
    if (!access.roles.includes(REQUIRED_ROLE[kind])) {
      const challenge = 'Bearer error="insufficient_scope", error_description="this account may not see this"';
      return plain(403, 'This account may not see this.', {'www-authenticate': challenge});
    }
    return cached(
      await content.answer(url),
      kind === 'config' ? 'no-store' : `private, max-age=${options.maxAgeSeconds}`,
    );
  }

  /** Errors carry the same CORS headers as pictures: otherwise a page cannot tell a 401 from a broken network. */
  function withCors(reply: Reply, {headers}: Exchange, kind: MapRequestKind): Reply {
    const vary = kind === 'public' ? 'Origin' : 'Origin, Authorization';
    // Also for a request of its own origin, which the tile bridge makes and which names none.
    const nonce = proofs?.nonce();
    const own = {...reply.headers, ...(nonce ? {'dpop-nonce': nonce} : {}), vary};
    if (headers.origin !== pageOrigin) return {...reply, headers: own};
    const cors = {
      'access-control-allow-origin': pageOrigin,
      'access-control-expose-headers': `WWW-Authenticate, Retry-After${proofs ? ', DPoP-Nonce, Date' : ''}`,
    };
    return {...reply, headers: {...own, ...cors}};
  }

  function preflight(): Reply {
    const headers = {
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': proofs ? 'authorization, dpop' : 'authorization',
      'access-control-max-age': '600',
    };
    return {status: 204, headers};
  }

  return {
    origin: server.origin,
    counts,
    resetCounts: () => void Object.assign(counts, emptyMapCounts()),
    expireTokens: options.expireTokens,
    setOffline: server.setOffline,
    setFault: (rule) => void (fault = rule),
  };
}

function cached(reply: Reply, cacheControl: string): Reply {
  const policy = reply.status === 200 ? cacheControl : 'no-store';
  return {...reply, headers: {...reply.headers, 'cache-control': policy, 'x-content-type-options': 'nosniff'}};
}

function plain(status: number, body: string, headers: Record<string, string>): Reply {
  return {
    status,
    headers: {'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers},
    body,
  };
}
