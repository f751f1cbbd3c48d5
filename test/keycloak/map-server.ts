import {calculateJwkThumbprint, createRemoteJWKSet, decodeProtectedHeader, jwtVerify, type JWTPayload} from 'jose';
import type {IncomingMessage} from 'node:http';
import {crc32, deflateSync} from 'node:zlib';
import {openServer} from '../../demo/servers/local-server.js';

/** What it found out about a request. */
export interface Judged {
  readonly path: string;
  /** `Bearer`, `DPoP`, or what came in its place. */
  readonly scheme: string;
  readonly claims: JWTPayload | undefined;
}

/** A map server that believes the realm alone: every request needs a token that the realm has signed and that is not over. */
export interface MapServer {
  readonly origin: string;
  readonly judged: readonly Judged[];
  clear(): void;
  stop(): Promise<void>;
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** 256 × 256 pixels, each row of its own grey, so that a tile that is drawn has many colours. */
const tile = ((): Buffer => {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(256, 0);
  size.writeUInt32BE(256, 4);
  size.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.concat(Array.from({length: 256}, (_, row) => Buffer.from([0, ...Array<number>(256).fill(row)])));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
})();

/** `http://{iManager server}/imanager/…/alert/problem` answers this in the document. */
const example = {number: 0, from: 0, to: 0};
export const examplePath = '/imanager/dashboard/web/api/alert/problem';

/** RFC 9449, section 4.3, as far as a key goes: the proof is signed by the key that the token is bound to. */
const isBound = async ({headers}: IncomingMessage, {cnf}: JWTPayload): Promise<boolean> => {
  const proof = String(headers['dpop'] ?? '');
  const {jwk} = decodeProtectedHeader(proof);
  if (!jwk) return false;
  await jwtVerify(proof, jwk, {typ: 'dpop+jwt'});
  return (await calculateJwkThumbprint(jwk)) === Object(cnf).jkt;
};

export const startMapServer = async (issuer: string): Promise<MapServer> => {
  const keys = createRemoteJWKSet(new URL(`${issuer}/protocol/openid-connect/certs`));
  const server = await openServer('127.0.0.1', 0);
  const judged: Judged[] = [];

  const judge = async (request: IncomingMessage): Promise<JWTPayload | undefined> => {
    const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ');
    const path = request.url ?? '';
    const {payload} = await jwtVerify(token, keys, {issuer}).catch(() => ({payload: undefined}));
    const isGood =
      payload && (scheme === 'DPoP' ? await isBound(request, payload) : scheme === 'Bearer' && !payload['cnf']);
    judged.push({path, scheme, claims: isGood ? payload : undefined});
    return isGood ? payload : undefined;
  };

  server.handle((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'authorization, dpop');
    response.setHeader('cache-control', 'no-store');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    judge(request)
      .then((claims) => {
        if (!claims) response.writeHead(401, {'www-authenticate': 'Bearer error="invalid_token"'}).end();
        else if (request.url === examplePath)
          response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(example));
        else response.writeHead(200, {'content-type': 'image/png'}).end(tile);
      })
      .catch(() => response.destroy());
  });
  return {origin: server.origin, judged, clear: () => void judged.splice(0), stop: () => server.close()};
};
