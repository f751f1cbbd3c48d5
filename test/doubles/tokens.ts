const part = (value: unknown): string =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** A JWT in form; nobody checks its signature here. */
export const jwt = (claims: Record<string, unknown>): string => `${part({alg: 'RS256'})}.${part(claims)}.c2lnbmF0dXJl`;

/** Looks like nothing else, so that it is found wherever it leaks to. */
export const CANARY = 'canary-7f3a9d.51c0~e2';
