import {BrokerError} from './broker-error.js';
import type {ServerCredential} from './handler.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** Looks through text that passes. What it gives back is what may go on; the rest is kept until more has come. */
export interface LeakGuard {
  pass(chunk: Bytes): Bytes;
  end(): Bytes;
}

/** Shorter ones would be found in any map. */
const SHORTEST = 12;

/** What follows the colon of a Basic credential. */
const passwordIn = (token: string): string => {
  try {
    return atob(token).replace(/^[^:]*:/, '');
  } catch {
    return '';
  }
};

/** How writers of JSON and of addresses spell what a secret may hold beside letters and digits (`\u003d` is Gson's). */
const SPELLINGS: readonly ((character: string) => string)[] = [
  (character) => character,
  (character) => (character === '/' ? String.raw`\/` : character),
  (character) => (/[=&<>']/.test(character) ? `\\u00${hex(character)}` : character),
  (character) => encodeURIComponent(character),
];

const hex = (character: string): string => character.charCodeAt(0).toString(16);

/** What a platform was given, as it could come back. */
const spellingsOf = ({token, type, cookies = {}}: ServerCredential): readonly string[] =>
  [token, type === 'Basic' ? passwordIn(token) : '', ...Object.values(cookies)]
    .filter(({length}) => length >= SHORTEST)
    .flatMap((secret) => [...new Set(SPELLINGS.map((spell) => Array.from(secret, spell).join('')))]);

const joined = (first: Bytes, second: Bytes): Bytes => {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
};

/** Stops a document in which the platform gives back what it was sent. */
export const createLeakGuard = (credential: ServerCredential): LeakGuard => {
  const secrets = spellingsOf(credential);
  const kept = Math.max(0, ...secrets.map(({length}) => length - 1));
  const decoder = new TextDecoder('latin1');
  let tail: Bytes = new Uint8Array();
  return {
    pass(chunk) {
      const bytes = joined(tail, chunk);
      const text = decoder.decode(bytes);
      if (secrets.some((secret) => text.includes(secret))) {
        throw new BrokerError('dangerous-credential', 'The upstream answers with the credential in its text.');
      }
      const cut = Math.max(0, bytes.length - kept);
      tail = bytes.slice(cut);
      return bytes.subarray(0, cut);
    },
    end: () => tail,
  };
};
