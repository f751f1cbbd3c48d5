import assert from 'node:assert/strict';
import type {PlatformDouble} from './front.js';

export const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

export const bearer = (token: string): Readonly<Record<string, string>> => ({authorization: `Bearer ${token}`});

/** A double at an address of its own, asked by paths. */
export const asking = (double: PlatformDouble, origin: string) => {
  const send = (path: string, init: RequestInit = {}): Promise<Response> =>
    double.handle(new Request(new URL(path, origin), init));
  return {
    send,
    get: (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> => send(path, {headers}),
    postJson: (path: string, body: unknown): Promise<Response> =>
      send(path, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)}),
    postForm: (path: string, body: Readonly<Record<string, string>>): Promise<Response> =>
      send(path, {method: 'POST', body: new URLSearchParams(body)}),
    preflight: (path: string, method = 'GET', headers = 'authorization'): Promise<Response> =>
      send(path, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://site.example',
          'access-control-request-method': method,
          'access-control-request-headers': headers,
        },
      }),
  };
};

/** Which headers a page may send after this preflight; `undefined` when it may not ask at all. */
export const allowedHeaders = (preflight: Response): readonly string[] | undefined => {
  if (!preflight.ok || !preflight.headers.has('access-control-allow-origin')) return undefined;
  return (preflight.headers.get('access-control-allow-headers') ?? '')
    .toLowerCase()
    .split(/,\s*/u)
    .filter((name) => name !== '');
};

export const statusOf = async (response: Promise<Response>): Promise<number> => (await response).status;

/** A PNG with the size that it says. */
export const assertPicture = async (response: Response, width: number, height = width): Promise<void> => {
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'image/png');
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(bytes.subarray(1, 4).toString('latin1'), 'PNG');
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [width, height]);
};

/** The claims of a JWT, unchecked. */
export const claimsOf = (jwt: string): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
