import type {MacAlgorithm, MacKey} from '../../credentials/credential.js';

const HASHES: Readonly<Record<MacAlgorithm, string>> = {'hmac-sha-1': 'SHA-1', 'hmac-sha-256': 'SHA-256'};

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** draft-ietf-oauth-v2-http-mac-01 §3.2.1. The last line is `ext`, which is not used. */
const normalized = (ts: string, nonce: string, method: string, url: URL): string => {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return [ts, nonce, method, `${url.pathname}${url.search}`, url.hostname, port, '']
    .map((line) => `${line}\n`)
    .join('');
};

const sign = async (algorithm: MacAlgorithm, secret: string, text: string): Promise<string> => {
  const bytes = new TextEncoder();
  const hash = HASHES[algorithm];
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), {name: 'HMAC', hash}, false, ['sign']);
  return base64(await crypto.subtle.sign('HMAC', key, bytes.encode(text)));
};

/** The header `Authorization` of a request that is signed with a key that never travels. */
export const macHeader = async (
  {method, url}: Request,
  token: string,
  {algorithm, key}: MacKey,
  now: number,
): Promise<string> => {
  const ts = String(Math.floor(now / 1000));
  const nonce = crypto.randomUUID();
  const signature = await sign(algorithm, key, normalized(ts, nonce, method, new URL(url)));
  return `MAC id="${token}", ts="${ts}", nonce="${nonce}", mac="${signature}"`;
};
