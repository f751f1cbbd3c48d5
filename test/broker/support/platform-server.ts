import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {after} from 'node:test';

export interface PlatformServer {
  readonly origin: string;
  /** `POST /api/login_check` and so on, in order. */
  readonly asked: string[];
  /** The headers of the last request. */
  readonly last: () => IncomingMessage['headers'];
}

/** A server of the tests on loopback. */
export const serveHttp = async (
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<PlatformServer> => {
  const asked: string[] = [];
  let headers: IncomingMessage['headers'] = {};
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    headers = request.headers;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {origin: `http://127.0.0.1:${address.port}`, asked, last: () => headers};
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
