import type {Credential} from '../credentials/credential.js';

/** How a credential travels on a request. */
export interface Transport {
  /** Puts the credential on; the headers are the request's own. */
  attach(headers: Headers, credential: Credential): void;
  /** True when the request already carries one that the page's own code put there: an explicit credential wins. */
  isTaken(headers: Headers): boolean;
}

export interface HeaderOptions {
  /** Default `Authorization`. */
  readonly name?: string | undefined;
  /** What stands before the token; default the token type, `Bearer`. Empty for the bare token. */
  readonly prefix?: string | undefined;
}

/** RFC 6750 §2.1. */
export const headerTransport = ({name = 'Authorization', prefix}: HeaderOptions = {}): Transport => ({
  attach: (headers, {token, type}) => headers.set(name, `${prefix ?? type} ${token}`.trim()),
  isTaken: (headers) => headers.has(name),
});
