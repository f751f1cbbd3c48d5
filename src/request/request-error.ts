import {SecureMapError} from '../credentials/errors.js';
import {redact} from './redact.js';

/** Why a part of the map is missing; the `kind` of a `layer-error` event. */
export type RequestErrorKind = 'auth' | 'forbidden' | 'cors' | 'origin' | 'ogc' | 'network' | 'format';

export interface RequestErrorOptions {
  readonly kind: RequestErrorKind;
  readonly url: string;
  readonly status?: number | undefined;
  readonly cause?: unknown;
  readonly reason?: string | undefined;
  readonly retryAfter?: number | undefined;
}

/** A request of the map that brought no usable answer. `url` is redacted: origin and path only. */
export class RequestError extends SecureMapError {
  override readonly name = 'RequestError';
  readonly kind: RequestErrorKind;
  readonly url: string;
  readonly status: number | undefined;

  constructor(message: string, {kind, url, status, ...options}: RequestErrorOptions) {
    super('request-failed', message, options);
    this.kind = kind;
    this.url = redact(url);
    this.status = status;
  }

  /** True while the visitor only has to sign in: the part is asked for again afterwards, nothing is broken. */
  get awaitsSignIn(): boolean {
    return this.kind === 'auth' && this.reason === 'sign-in-required';
  }
}
