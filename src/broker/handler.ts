/** Answers one request: what every function of the broker returns, on any runtime that speaks the Fetch API. */
export type Handler = (request: Request) => Promise<Response>;

/** Asks the site whether the visitor of this request may see the map. The first thing that happens to any request. */
export type Authorize = (request: Request) => boolean | Promise<boolean>;

/** What the server half puts on a request to a map platform. Never leaves it as it is. */
export interface ServerCredential {
  readonly token: string;
  /** How it is named in the header `Authorization`; `Bearer` by default. */
  readonly type?: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
  /** Cookies that have to go along, such as the `SESSION` of Spectrum. */
  readonly cookies?: Readonly<Record<string, string>> | undefined;
  /** Other headers that have to go along, such as the `referer` that a token of iServer is bound to. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Why a credential is asked for. */
export interface CredentialWish {
  /** `unauthorized`: the platform has refused the one before. */
  readonly reason?: 'unauthorized' | undefined;
  /** The one that was refused, where the asker knows: whoever has a newer one meanwhile need not ask for another. */
  readonly rejected?: ServerCredential | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A handler that other handlers may ask for what it knows; `undefined` when the visitor of the request may have none. */
export interface CredentialHandler extends Handler {
  credential(request: Request, wish?: CredentialWish): Promise<ServerCredential | undefined>;
}
