import type {Credential, TokenType} from '../credentials/credential.js';
import {SecureMapError} from '../credentials/errors.js';

/** How a credential travels on a request: by one way and no other (RFC 6750 §2). */
export interface Transport {
  /**
   * The request with the credential on it. The given one follows no redirect and is the caller's own: it may be the one
   * that comes back.
   */
  attach(request: Request, credential: Credential): Promise<Request>;
  /** True when it travels in a header, so that whoever is handed the headers of a request is handed the credential. */
  readonly isHeader?: boolean;
  /** True when the request already carries one that the page's own code put there: an explicit credential wins. */
  isTaken(request: Request): boolean;
}

export interface TransportOptions {
  /** `token-name`. */
  readonly name?: string | undefined;
  /** `token-prefix`. */
  readonly prefix?: string | undefined;
  readonly now: () => number;
  /** Tells the owner of the site, on the console. */
  readonly warn: (message: string) => void;
}

/** One way for a credential to travel. */
export interface TransportKind {
  /** What `token-name` names here, and how it must look; absent where it names nothing. */
  readonly name?: {readonly what: string; readonly pattern: RegExp};
  /** True when `token-prefix` means something here. */
  readonly hasPrefix?: boolean;
  create(options: TransportOptions): Transport;
}

/** Names of headers and of parameters: the `token` of RFC 9110 §5.6.2. */
export const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** RFC 6750 §2.2 and §2.3. */
export const PARAMETER = 'access_token';

/** True when the page's own code has put a credential where one of the usual ways puts it. */
export const hasCredential = ({headers, url}: Request, parameter = PARAMETER): boolean =>
  headers.has('authorization') || new URL(url).searchParams.has(parameter);

/** A credential that cannot travel this way must not travel at all. */
export const requireType = ({type}: Credential, allowed: readonly TokenType[], way: string): void => {
  if (allowed.includes(type)) return;
  throw new SecureMapError('invalid-config', `token-transport: a credential of type ${type} cannot be sent by ${way}.`);
};

/** The request with something changed. Whatever is changed, `fetch` would forget the referrer policy over it. */
export const changed = (request: Request, change: RequestInit): Request =>
  new Request(request, {referrerPolicy: request.referrerPolicy, ...change});
