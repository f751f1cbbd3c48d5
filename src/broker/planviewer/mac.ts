import {base64url} from 'jose';

/** Seconds that the client's clock may differ. */
const WINDOW = 300;

/** The parts of `Authorization: MAC …`. */
export interface MacHeader {
  /** Names the token: `access_token`, else `kid` of draft 05, else `id` of the drafts before. */
  readonly token: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Undefined for anything that is no MAC header. */
export const parseMac = (header: string): MacHeader | undefined => {
  if (!/^MAC /iu.test(header) || header.length > 16_384) return undefined;
  const fields: Record<string, string> = {};
  for (const [, name = '', quoted, bare] of header.slice(4).matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gu)) {
    if (Object.hasOwn(fields, name)) return undefined;
    fields[name] = quoted ?? bare ?? '';
  }
  const token = fields['access_token'] ?? fields['kid'] ?? fields['id'];
  return token === undefined || fields['mac'] === undefined || fields['ts'] === undefined ? undefined : {token, fields};
};

/** Clients write seconds or, after draft 05, milliseconds. */
const secondsOf = (ts: string): number => {
  const value = /^\d{1,16}$/u.test(ts) ? Number(ts) : NaN;
  return value > 100_000_000_000 ? value / 1000 : value;
};

const lines = (...parts: readonly string[]): string => parts.map((part) => `${part}\n`).join('');

/**
 * What may have been signed. Draft 05 ended unfinished, and those who implemented it do not agree: the named headers come
 * before the time in one (Assumed: both are right), and most stayed with `id` and `nonce` of the drafts 00 and 01, among them
 * thephpleague/oauth2-client, which Planviewer very probably uses. A proxy that ends TLS hides the port, so both are tried.
 */
const signedTexts = ({method, url, headers}: Request, fields: MacHeader['fields']): readonly string[] => {
  const {pathname, search, hostname, port} = new URL(url);
  const target = `${pathname}${search}`;
  const ts = fields['ts'] ?? '';
  if (fields['nonce'] !== undefined && fields['h'] === undefined) {
    const ports = port === '' ? ['443', '80'] : [port];
    const [nonce, extension] = [fields['nonce'], fields['ext'] ?? ''];
    return ports.map((each) => lines(ts, nonce, method, target, hostname, each, extension));
  }
  const host = headers.get('host') ?? new URL(url).host;
  const named = (fields['h'] ?? '').split(':').filter(Boolean);
  const values = named.flatMap((name) => (name.toLowerCase() === 'host' ? host : (headers.get(name) ?? [])));
  const sequence = fields['seq-nr'] === undefined ? [] : [fields['seq-nr']];
  const first = `${method} ${target} HTTP/1.1`;
  return [lines(first, ts, ...sequence, ...values), lines(first, ...values, ts, ...sequence)];
};

const bytesOf = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  try {
    const plain = text.replace(/=+$/u, '').replaceAll('+', '-').replaceAll('/', '_');
    return new Uint8Array(base64url.decode(plain));
  } catch {
    return undefined;
  }
};

export interface MacCheck {
  readonly request: Request;
  readonly header: MacHeader;
  readonly key: string;
  readonly now: number;
  readonly claim: (id: string, seconds: number) => Promise<boolean>;
}

/** Whether the holder of the key has signed this request, just now, and for the first time (`hmac-sha-256`). */
export const isSigned = async ({request, header, key, now, claim}: MacCheck): Promise<boolean> => {
  const {fields} = header;
  const at = secondsOf(fields['ts'] ?? '');
  if (!(Math.abs(at - now / 1000) <= WINDOW)) return false;
  const signature = bytesOf(fields['mac'] ?? '');
  if (!signature) return false;
  const text = new TextEncoder();
  const secret = await crypto.subtle.importKey('raw', text.encode(key), {name: 'HMAC', hash: 'SHA-256'}, false, [
    'verify',
  ]);
  for (const signed of signedTexts(request, fields)) {
    // `verify` compares in constant time.
    if (await crypto.subtle.verify('HMAC', secret, signature, text.encode(signed))) {
      return claim(`mac:${base64url.encode(signature)}`, 2 * WINDOW);
    }
  }
  return false;
};
