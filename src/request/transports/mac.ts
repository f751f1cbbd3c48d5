import type {MacAlgorithm} from '../../credentials/credential.js';
import {changed, hasCredential, requireType, type TransportKind} from '../transport.js';

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

/**
 * MAC tokens: the request is signed with a key that never travels. The draft ended unfinished. Its token answers
 * (`mac_key`, `mac_algorithm`) stayed the same up to draft 05; of the header, what is in use is the form of drafts 00 and
 * 01, with `id`, `ts`, `nonce` and `mac` (thephpleague/oauth2-client, MacAuthorizationTrait).
 */
export const mac: TransportKind = {
  create: ({now}) => ({
    async attach(request, credential) {
      const {token, mac: proof} = credential;
      requireType(proof ? credential : {...credential, type: 'Bearer'}, ['MAC'], 'mac');
      if (!proof) return request;
      const ts = String(Math.floor(now() / 1000));
      const nonce = crypto.randomUUID();
      const text = normalized(ts, nonce, request.method, new URL(request.url));
      const signature = await sign(proof.algorithm, proof.key, text);
      const headers = new Headers(request.headers);
      headers.set('authorization', `MAC id="${token}", ts="${ts}", nonce="${nonce}", mac="${signature}"`);
      return changed(request, {headers});
    },
    isTaken: (request) => hasCredential(request),
  }),
};
