import {BlockList, isIP} from 'node:net';
import {problemAt} from './config-error.js';

/** Whether what comes from this address may say for whom it comes. */
export type Trust = (address: string | undefined) => boolean;

const add = (list: BlockList, text: string, index: number): void => {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const most = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? most : Number(bits);
  const isRange = rest.length === 0 && bits !== '' && Number.isInteger(prefix) && prefix >= 0 && prefix <= most;
  if (!version || !isRange) {
    throw problemAt(['trustProxy', index], 'must be an address or a range such as "10.0.0.0/8"');
  }
  list.addSubnet(address, prefix, family);
};

/** Reads `trustProxy`: nobody, everybody who can connect, or the proxies with these addresses. */
export const createTrust = (setting: boolean | readonly string[]): Trust => {
  if (typeof setting === 'boolean') return () => setting;
  const list = new BlockList();
  for (const [index, text] of setting.entries()) add(list, text, index);
  return (address = '') => {
    // A socket for both families has IPv4 addresses as `::ffff:10.0.0.1`.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  };
};

/** The last of a list: what the proxy before us has added. What is before it may be the visitor's invention. */
const last = (header: string | null): string | undefined => header?.split(',').at(-1)?.trim() || undefined;

/** `undefined` where the two are not the beginning of an address and nothing else. */
const originOf = (scheme: string, name: string): string | undefined => {
  if (!/^https?$/.test(scheme) || !URL.canParse(`${scheme}://${name}`)) return undefined;
  const {origin, host, hostname} = new URL(`${scheme}://${name}`);
  // The default port may be written out, which a URL leaves away.
  const written = `${hostname}:${scheme === 'https' ? 443 : 80}`;
  return [host, written].includes(name.toLowerCase()) ? origin : undefined;
};

const headerNames = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port'];

/**
 * The request as the visitor made it, by what a trusted proxy says of it (`X-Forwarded-Proto`, `X-Forwarded-Host`).
 * `undefined` where that is no address. Such headers of anybody else are taken away.
 */
export const asVisited = (request: Request, isTrusted: boolean): Request | undefined => {
  if (!headerNames.some((name) => request.headers.has(name))) return request;
  const headers = new Headers(request.headers);
  for (const name of headerNames) headers.delete(name);
  if (!isTrusted) return new Request(request, {headers});
  const {protocol, host, pathname, search} = new URL(request.url);
  const scheme = last(request.headers.get('x-forwarded-proto')) ?? protocol.slice(0, -1);
  const name = last(request.headers.get('x-forwarded-host')) ?? host;
  const origin = originOf(scheme, name);
  return origin === undefined
    ? undefined
    : new Request(new Request(`${origin}${pathname}${search}`, request), {headers});
};
