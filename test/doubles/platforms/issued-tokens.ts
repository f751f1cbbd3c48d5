/** A token that a platform has handed out, and what it knows of it. */
export interface IssuedToken<T> {
  readonly token: string;
  readonly about: T;
  /** Milliseconds since 1970; `Infinity` for one that does not expire. */
  expiresAt: number;
  revoked: boolean;
}

export interface IssuedTokens<T> {
  readonly all: readonly IssuedToken<T>[];
  add(token: string, seconds: number, about: T): IssuedToken<T>;
  find(token: string): IssuedToken<T> | undefined;
  state(token: string): 'valid' | 'expired' | 'revoked' | 'unknown';
  /** One, or all that were issued until now. */
  revoke(token?: string): void;
  /** All that were issued until now are as if their time had come. */
  expire(): void;
}

export const createIssuedTokens = <T>(now: () => number): IssuedTokens<T> => {
  const issued = new Map<string, IssuedToken<T>>();
  const list: IssuedToken<T>[] = [];
  return {
    all: list,
    add(token, seconds, about) {
      const entry = {token, about, expiresAt: now() + seconds * 1000, revoked: false};
      issued.set(token, entry);
      list.push(entry);
      return entry;
    },
    find: (token) => issued.get(token),
    state(token) {
      const entry = issued.get(token);
      if (!entry) return 'unknown';
      if (entry.revoked) return 'revoked';
      return entry.expiresAt <= now() ? 'expired' : 'valid';
    },
    revoke(token) {
      for (const entry of list) if (token === undefined || entry.token === token) entry.revoked = true;
    },
    expire() {
      for (const entry of list) entry.expiresAt = Math.min(entry.expiresAt, now());
    },
  };
};
