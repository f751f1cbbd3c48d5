import {EncryptJWT, errors, jwtDecrypt, type JWTPayload} from 'jose';
import * as v from 'valibot';

/** Shorter ones can be guessed; 32 characters of base64 are 192 bits. */
const SHORTEST_SECRET = 32;
const WORDS = `must be one or several random strings of at least ${SHORTEST_SECRET} characters`;

export interface SealOptions {
  /** The first encrypts; the others still decrypt, so that a secret can be changed without ending what it has sealed. */
  readonly secrets: readonly string[];
  /** What is sealed for one purpose does not open for another, even with the same secret. */
  readonly purpose: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What came of opening: `expired` was sealed here once, `invalid` was not, or has been changed. */
export type Opened =
  {readonly state: 'open'; readonly claims: JWTPayload} | {readonly state: 'expired'} | {readonly state: 'invalid'};

export interface Seal {
  /** A compact JWE (RFC 7516, `dir` with A256GCM): URL-safe text that only the holders of the secret can read or make. */
  seal(kind: string, claims: JWTPayload, seconds: number): Promise<string>;
  open(kind: string, text: string): Promise<Opened>;
}

/** One secret or several, as an option gives them. */
export const secretsSchema = v.pipe(
  v.union([v.string(), v.array(v.string())], WORDS),
  v.transform((value): readonly string[] => (typeof value === 'string' ? [value] : value)),
  v.check((secrets) => secrets.length > 0 && secrets.every((secret) => secret.length >= SHORTEST_SECRET), WORDS),
);

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** HKDF (RFC 5869), since a secret from a configuration is no key. */
const keyFrom = async (secret: string, purpose: string): Promise<Uint8Array> => {
  const material = await crypto.subtle.importKey('raw', bytes(secret), 'HKDF', false, ['deriveBits']);
  const parameters = {name: 'HKDF', hash: 'SHA-256', salt: bytes('secure-map'), info: bytes(purpose)};
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, material, 256));
};

/** Keeps state at the visitor instead of in a store: encrypted, with an end, and for one kind of use only. */
export const createSeal = ({secrets, purpose, now}: SealOptions): Seal => {
  let deriving: Promise<readonly Uint8Array[]> | undefined;
  const keys = (): Promise<readonly Uint8Array[]> =>
    (deriving ??= Promise.all(secrets.map((secret) => keyFrom(secret, purpose))));

  const openWith = async (key: Uint8Array, kind: string, text: string): Promise<Opened> => {
    try {
      const {payload} = await jwtDecrypt(text, key, {
        issuer: purpose,
        audience: kind,
        requiredClaims: ['exp'],
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        currentDate: new Date(now()),
      });
      return {state: 'open', claims: payload};
    } catch (error) {
      return {state: error instanceof errors.JWTExpired ? 'expired' : 'invalid'};
    }
  };

  return {
    async seal(kind, claims, seconds) {
      const [key] = await keys();
      if (!key) throw new Error('There is no secret to seal with.');
      return new EncryptJWT(claims)
        .setProtectedHeader({alg: 'dir', enc: 'A256GCM'})
        .setIssuer(purpose)
        .setAudience(kind)
        .setExpirationTime(Math.floor(now() / 1000) + seconds)
        .encrypt(key);
    },
    async open(kind, text) {
      for (const key of await keys()) {
        const opened = await openWith(key, kind, text);
        if (opened.state !== 'invalid') return opened;
      }
      return {state: 'invalid'};
    },
  };
};
