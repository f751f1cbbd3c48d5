import {isRecord} from '../../credentials/is-record.js';

/** RFC 9700 §2.1 wants `state` bound to this browser and short-lived. */
export const LIFETIME = 15 * 60_000;

/**
 * What is kept in `sessionStorage` under `secure-map.<kind>.<state>`, each used once. Never a token.
 * - `oidc`: the request of a sign-in by redirect, with the PKCE verifier, as oidc-client-ts writes it
 * - `redirect`: the path to go back to; read by the return page
 * - `answer`: what the provider said; written by the return page
 * - `return`: a sign-in to a cookie session by redirect is under way
 * - `popup`: in the popup's own storage, so that a whole page that serves as return page knows what it is
 */
export type RecordKind = 'oidc' | 'redirect' | 'answer' | 'return' | 'popup';

const KINDS: readonly RecordKind[] = ['oidc', 'redirect', 'answer', 'return', 'popup'];

export const recordKey = (kind: RecordKind, state: string): string => `secure-map.${kind}.${state}`;

export const parseRecord = (text: string | null): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Our own records carry milliseconds as `at`, those of oidc-client-ts seconds as `created`. */
export const isFresh = ({at, created}: Readonly<Record<string, unknown>>, now: number): boolean => {
  const time = typeof at === 'number' ? at : typeof created === 'number' ? created * 1000 : NaN;
  return now - time < LIFETIME;
};

export const states = (storage: Storage, kind: RecordKind): readonly string[] => {
  const prefix = recordKey(kind, '');
  const keys = Array.from({length: storage.length}, (_, index) => storage.key(index) ?? '');
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
};

/** Removes what sign-ins left that nobody finished. Keys of others are not looked at. */
export const sweep = (storage: Storage, now: number): void => {
  for (const kind of KINDS) {
    for (const state of states(storage, kind)) {
      const key = recordKey(kind, state);
      const record = parseRecord(storage.getItem(key));
      if (!record || !isFresh(record, now)) storage.removeItem(key);
    }
  }
};
