/**
 * Every way in which `<secure-map>` says no. Pages and tests switch on `code`; the message is for people.
 * No message ever holds a token, a code or a query string.
 */
export type SecureMapErrorCode =
  // What the page wrote
  | 'invalid-attribute'
  | 'conflicting-sources'
  | 'invalid-config'
  | 'config-unavailable'
  | 'invalid-layer'
  // Where the credential comes from
  | 'source-unreachable'
  | 'source-timeout'
  | 'source-invalid'
  | 'session-over'
  | 'login-required'
  // Signing in
  | 'login-cancelled'
  | 'login-blocked'
  | 'login-timeout'
  | 'login-refused'
  | 'provider-unreachable'
  | 'provider-invalid'
  // Asking for a part of the map
  | 'request-failed';

export interface SecureMapErrorOptions {
  readonly cause?: unknown;
  /** A finer word than the code, stable enough to test: `issuer-mismatch`, `id-token-signature`, … */
  readonly reason?: string | undefined;
  /** Milliseconds after which the other side said to come back (`Retry-After`). */
  readonly retryAfter?: number | undefined;
}

export class SecureMapError extends Error {
  override readonly name: string = 'SecureMapError';
  readonly code: SecureMapErrorCode;
  readonly reason: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: SecureMapErrorCode, message: string, options: SecureMapErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause});
    this.code = code;
    this.reason = options.reason;
    this.retryAfter = options.retryAfter;
  }
}

/** Also for an error of another copy of this module on the same page, whose sessions are shared. */
export const isSecureMapError = (error: unknown): error is SecureMapError =>
  error instanceof SecureMapError
  || (error instanceof Error && /^(SecureMap|Request)Error$/.test(error.name) && 'code' in error);

/** Any thrown value as one of our errors; what is not ours gets the given code and words, and stays as the cause. */
export const toSecureMapError = (error: unknown, code: SecureMapErrorCode, message: string): SecureMapError =>
  isSecureMapError(error) ? error : new SecureMapError(code, message, {cause: error});

/** True when nobody but the visitor can help: the page has to be signed in to, first or again. */
export const isForVisitor = (error: unknown): boolean =>
  isSecureMapError(error) && (error.code === 'session-over' || error.code.startsWith('login-'));

/** True for the rejection of an aborted `fetch` or of anything that was given a signal. */
export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
