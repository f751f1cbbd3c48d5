import type {IncomingMessage, ServerResponse} from 'node:http';
import {after} from 'node:test';
import {startUpstream} from './upstream.js';

export interface PlatformServer {
  readonly origin: string;
  /** `POST /api/login_check` and so on, in order. */
  readonly asked: readonly string[];
  /** The headers of the last request. */
  readonly last: () => IncomingMessage['headers'];
}

/** A server on this machine that ends with the tests. */
export const serveHttp = async (
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<PlatformServer> => {
  const {origin, requests, close} = await startUpstream(answer);
  after(close);
  return {
    origin,
    get asked() {
      return requests.map(({method, url}) => `${method} ${url}`);
    },
    last: () => requests.at(-1)?.headers ?? {},
  };
};

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Onemap as far as it is needed here: a token for any password but `wrong`, and a map for the token. */
export const serveOnemap = (): Promise<PlatformServer> => {
  const now = Math.floor(Date.now() / 1000);
  const token = `${part({alg: 'RS256'})}.${part({username: 'viewer', roles: ['ROLE_USER'], iat: now, exp: now + 600})}.c2ln`;
  return serveHttp((request, response) => {
    if (request.url !== '/api/login_check') {
      const isGood = request.headers.authorization === `Bearer ${token}`;
      response.writeHead(isGood ? 200 : 401, {'content-type': 'text/plain'}).end(isGood ? 'a map' : 'no');
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
    request.on('end', () => {
      const {password} = JSON.parse(body);
      const isGood = password !== 'wrong';
      response
        .writeHead(isGood ? 200 : 401, {'content-type': 'application/json'})
        .end(JSON.stringify(isGood ? {token} : {code: 401, message: 'Invalid credentials.'}));
    });
  });
};
