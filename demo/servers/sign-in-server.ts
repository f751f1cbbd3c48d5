import {randomBytes} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {exportJWK, generateKeyPair} from 'jose';
import type {JWK} from 'jose';
import type {DpopMode} from './dpop.js';
import {openExchange, pause, sendCut, sendReply, untilClosed} from './exchange.js';
import type {Exchange} from './exchange.js';
import type {Fault, FaultRule} from './fault.js';
import type {LocalServer} from './local-server.js';
import type {RequestLog} from './log.js';
import {createLoginRoute} from './login-route.js';
import {importProvider} from './quiet-provider.js';
import {signInConfiguration} from './sign-in-config.js';
import {countRequest, emptySignInCounts, watchProvider} from './sign-in-counts.js';
import type {SignInCounts} from './sign-in-counts.js';
import {createSignInStore} from './sign-in-store.js';

export interface SignInServer {
  readonly issuer: string;
  readonly counts: Readonly<SignInCounts>;
  /** The public keys of the access tokens. */
  readonly publicKeys: readonly JWK[];
  /** The secret of the site's own client, made anew at each start. */
  readonly siteSecret: string;
  resetCounts(): void;
  /** Ends every grant, token and session: the next refresh is answered with `invalid_grant`. */
  revokeAll(): void;
  setOffline(offline: boolean): void;
  /**
   * `null` ends it. A fault with a `status` or `body` answers in place of the
   * provider; `cut` without one lets the provider work and loses its answer.
   */
  setFault(rule: FaultRule | null): void;
}

export interface SignInOptions {
  readonly server: LocalServer;
  readonly pageOrigin: string;
  readonly mapOrigin: string;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly generation: () => number;
  readonly dpop: DpopMode;
  readonly log: RequestLog;
}

export async function startSignInServer({server, log, ...options}: SignInOptions): Promise<SignInServer> {
  const issuer = server.origin;
  const {Provider, errors} = await importProvider();
  const store = createSignInStore();
  const siteSecret = randomBytes(32).toString('base64url');
  const {privateKey, publicKey} = await generateKeyPair('RS256', {extractable: true});
  const names = {kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig'};
  const {InvalidTarget} = errors;
  const signingKey = {...(await exportJWK(privateKey)), ...names};
  const provider = new Provider(
    issuer,
    signInConfiguration({...options, siteSecret, signingKey, store, InvalidTarget}),
  );
  const answerByProvider = provider.callback();
  const login = createLoginRoute(provider, options.pageOrigin);
  const styles = await readFile(new URL('sign-in.css', import.meta.url));

  const counts = emptySignInCounts();
  watchProvider(provider, counts);
  let fault: FaultRule | null = null;

  server.handle((request, response) => {
    const exchange = openExchange(request, response, issuer);
    const at = Date.now();
    countRequest(exchange, counts);
    response.on('close', () => {
      const aborted = !response.writableEnded && !server.offline;
      if (aborted) counts.aborted += 1;
      log.add({
        at,
        server: 'sign-in',
        method: exchange.method,
        path: shownPath(exchange.url.pathname),
        status: response.headersSent ? response.statusCode : 0,
        preflight: exchange.method === 'OPTIONS',
        credential: shownCredential(exchange, response),
        aborted,
      });
    });
    answer(exchange, request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });

  async function answer(exchange: Exchange, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wrong = fault?.(describe(exchange)) ?? {};
    if (!(await pause(wrong.delayMs ?? 0, exchange.signal))) return;
    if (wrong.hang === true) return untilClosed(exchange.signal);
    if (wrong.status !== undefined || wrong.body !== undefined) {
      const {status = 200, headers = {}, body = ''} = wrong;
      return (wrong.cut === true ? sendCut : sendReply)(response, {status, headers, body});
    }
    // The provider lets every page read its public documents: what is not needed is not given.
    const cors = wrong.cors !== false && request.headers.origin === options.pageOrigin;
    rewrite(response, {...wrong, cors});

    const {pathname} = exchange.url;
    if (pathname === '/sign-in.css') {
      sendReply(response, {status: 200, headers: {'content-type': 'text/css; charset=utf-8'}, body: styles});
    } else if (pathname === '/favicon.ico') {
      // Browsers ask for it unasked, and would show an error on the console.
      sendReply(response, {status: 204});
    } else if (pathname.startsWith('/sign-in/')) {
      await login(request, response);
    } else {
      await answerByProvider(request, response);
    }
  }

  return {
    issuer,
    counts,
    publicKeys: [{...(await exportJWK(publicKey)), ...names}],
    siteSecret,
    resetCounts: () => void Object.assign(counts, emptySignInCounts()),
    revokeAll: store.revokeAll,
    setOffline: server.setOffline,
    setFault: (rule) => void (fault = rule),
  };
}

function describe({method, url, headers}: Exchange): Parameters<FaultRule>[0] {
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    preflight: method === 'OPTIONS',
    authorized: headers.authorization !== undefined,
    kind: url.pathname.split('/')[1] ?? '',
  };
}

/** Lets the provider work, and changes what it answers. */
function rewrite(response: ServerResponse, {cors, cut, headers = {}}: Fault): void {
  if (cut === true) response.end = () => response.destroy();
  const {writeHead} = response;
  response.writeHead = (status: number) => {
    const hidden = cors === true ? [] : response.getHeaderNames().filter((name) => name.startsWith('access-control-'));
    for (const name of hidden) response.removeHeader(name);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return writeHead.call(response, status);
  };
}

/** The rest of these paths identifies a sign-in under way. */
function shownPath(path: string): string {
  return path.replace(/^\/(sign-in|auth)\/.+/u, '/$1/…');
}

function shownCredential({headers}: Exchange, response: ServerResponse): 'Bearer' | 'none' | 'refused' {
  if (!/^(?:Bearer|Basic) /iu.test(headers.authorization ?? '')) return 'none';
  return response.statusCode === 401 ? 'refused' : 'Bearer';
}
