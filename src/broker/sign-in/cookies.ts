import {parse, serialize} from 'hono/utils/cookie';
import {BrokerError} from '../broker-error.js';
import {isLoopback} from './options.js';

/** Browsers take 4,096 bytes for a name and a value (RFC 6265bis §5.6). */
const CHUNK = 3_800;
/** 11,400 characters. Node takes 16 KiB for all headers of a request together. */
const CHUNKS = 3;

/** The session does not fit: the tokens of the provider are too long. */
export class TooLarge extends BrokerError {
  constructor(length: number) {
    super('platform-invalid', `The session takes ${length} characters; cookies of ${CHUNK * CHUNKS} are written.`);
  }
}

/** What a browser sends along, and what it is told to keep, of one sign-in. */
export interface CookieJar {
  /** Undefined when there is none; parts that are missing give text that does not open. */
  read(request: Request, name?: string): string | undefined;
  /** The names after `prefix` that the browser has. */
  names(request: Request, prefix: string): readonly string[];
  /**
   * Lines for `Set-Cookie`. Without `seconds` the browser keeps it until it is closed.
   * @throws TooLarge
   */
  write(value: string, name?: string, seconds?: number): readonly string[];
  /** Lines that remove these, in all their parts. */
  remove(request: Request, names: readonly string[]): readonly string[];
  /** Lines that remove everything of this sign-in that the browser has. */
  removeAll(request: Request): readonly string[];
}

/**
 * `__Host-` binds a cookie to this very host and to TLS: no other host of the site can plant one. Browsers do not take it
 * over http, so on this machine the name is without it. The path is in the name, because two sign-ins of one host must not
 * take each other's, and `__Host-` allows no `Path` but `/`.
 */
export const createCookieJar = (base: URL): CookieJar => {
  const isPlain = isLoopback(base);
  const path = base.pathname.replace(/[^\w-]+/gu, '.').replace(/\.$/u, '');
  const stem = `${isPlain ? '' : '__Host-'}secure-map${path}`;
  const full = (name: string): string => (name === '' ? stem : `${stem}~${name}`);
  const line = (name: string, value: string, seconds?: number): string =>
    serialize(name, value, {
      path: '/',
      httpOnly: true,
      secure: !isPlain as true,
      // Strict would keep it from the page that the provider sends the visitor back to.
      sameSite: 'Lax',
      ...(seconds === undefined ? {} : {maxAge: seconds}),
    });
  const all = (request: Request): Readonly<Record<string, string>> => parse(request.headers.get('cookie') ?? '');
  /** The first part says how many there are: what is left over of a longer one is not taken for its end. */
  const parts = (name: string): readonly string[] =>
    Array.from({length: CHUNKS}, (_, index) => (index === 0 ? full(name) : `${full(name)}~${index}`));
  const removal = (request: Request, isOurs: (name: string) => boolean): readonly string[] =>
    Object.keys(all(request))
      .filter(isOurs)
      .map((name) => line(name, '', 0));

  return {
    read(request, name = '') {
      const cookies = all(request);
      const first = cookies[full(name)];
      if (first === undefined) return undefined;
      const count = Number(first.slice(0, 1));
      return parts(name)
        .slice(0, Number.isInteger(count) ? count : 0)
        .map((part) => cookies[part] ?? '')
        .join('')
        .slice(2);
    },
    names: (request, prefix) =>
      Object.keys(all(request))
        .filter((name) => name.startsWith(full(prefix)))
        .map((name) => name.slice(stem.length + 1)),
    write(value, name = '', seconds) {
      const count = Math.ceil((value.length + 2) / CHUNK);
      if (count > CHUNKS) throw new TooLarge(value.length);
      const text = `${count}.${value}`;
      return parts(name)
        .slice(0, count)
        .map((part, index) => line(part, text.slice(index * CHUNK, (index + 1) * CHUNK), seconds));
    },
    remove(request, names) {
      const wanted = new Set(names.flatMap(parts));
      return removal(request, (name) => wanted.has(name));
    },
    removeAll: (request) => removal(request, (name) => name === stem || name.startsWith(`${stem}~`)),
  };
};
