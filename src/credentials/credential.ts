import type {Prover} from './prover.js';

/** What is put on a request, and how long it is good for. The only place in which the token itself is a field. */
export interface Credential {
  /** Empty for a cookie, which the browser keeps and no script sees. */
  readonly token: string;
  /** RFC 6749 §7.1: an unknown type must not be used; the spelling is ours, servers write it in any case. */
  readonly type: TokenType;
  /** Milliseconds since the epoch by this machine's clock when the credential was received. */
  readonly receivedAt: number;
  /** Milliseconds since the epoch by this machine's clock; absent when nobody said. */
  readonly expiresAt?: number | undefined;
  /** Who it was issued to, for display. Never used to decide anything. */
  readonly user?: UserClaims | undefined;
  /** With type `DPoP`: the key that it is bound to, by its thumbprint. Without that key it is worth nothing. */
  readonly keyId?: string | undefined;
  /** With type `MAC`. */
  readonly mac?: MacKey | undefined;
}

/** `Cookie`: the browser itself puts the credential on. */
export type TokenType = 'Bearer' | 'DPoP' | 'MAC' | 'Cookie';

/** What requests are signed with (draft-ietf-oauth-v2-http-mac). */
export interface MacKey {
  readonly key: string;
  readonly algorithm: MacAlgorithm;
}

export type MacAlgorithm = 'hmac-sha-1' | 'hmac-sha-256';

/** Cookies cannot be told apart but by when they were found to be good. */
export const isSameCredential = (one: Credential | undefined, other: Credential | undefined): boolean =>
  one?.token === other?.token && (one?.type !== 'Cookie' || one.receivedAt === other?.receivedAt);

export type UserClaims = Readonly<Record<string, unknown>>;

/** What a source needs to renew with: plain JSON, kept by the session, opaque to everybody but the source. */
export type Grant = Readonly<Record<string, unknown>>;

/** What a source gives: the credential and, unless it can be asked from nothing, what renews it. */
export interface Issued extends Credential {
  readonly grant?: Grant | undefined;
}

/** Why a credential is asked for: there is none, it ends soon, or a server refused it (`rejected`). */
export type AcquireReason = 'initial' | 'expiring' | 'unauthorized';

export interface AcquireRequest {
  readonly reason: AcquireReason;
  /** The origin whose request needs it, when one request does. */
  readonly origin?: string | undefined;
  /** The credential that a server has just refused. */
  readonly rejected?: Credential | undefined;
  /** What came with the credential that is to be renewed. */
  readonly grant?: Grant | undefined;
  readonly signal: AbortSignal;
}

export type LoginMode = 'popup' | 'redirect';

/** What the visitor typed, for a source that takes nothing better. Never kept. */
export interface LoginForm {
  readonly username: string;
  readonly password: string;
}

export interface SignInRequest {
  readonly mode: LoginMode;
  /** From a form of the page's own; only for a source that takes one. */
  readonly form?: LoginForm | undefined;
  readonly signal: AbortSignal;
}

export interface EndRequest {
  /** Also ends the session of the sign-in provider, by the given way. */
  readonly everywhere: boolean;
  readonly mode: LoginMode;
  /** The visitor signed out in another tab, which sees to what the tabs have in common. */
  readonly isElsewhere?: boolean | undefined;
  /** What came with the credential, to be revoked. */
  readonly grant?: Grant | undefined;
  readonly signal: AbortSignal;
}

/** What a source may do by itself while somebody shares the session. */
export interface SessionCare {
  /** Asks the source now, for what is held or for what has come to be. */
  renew(): void;
  /** Tells that the session ends then unless the visitor does something; `undefined`: that it does not any more. */
  warn(endsAt: number | undefined): void;
}

/**
 * Where a credential comes from.
 *
 * Rejections decide what happens next: `session-over` ends the session, `login-required` waits for the visitor,
 * everything else counts as passing trouble and is tried again later, with the session kept.
 */
export interface CredentialSource {
  /** True while the answer of a sign-in by redirect waits to be taken by `acquire`. */
  readonly isResuming?: boolean;
  /** What makes credentials of type `DPoP` good for a request; absent for a source that gives none of these. */
  readonly prover?: Prover | undefined;
  /** True when the visitor signs in by a user name and password, which the page may ask for by itself. */
  readonly takesForm?: boolean;
  /** Without the visitor: a stored grant, a refresh, a callback. Called by one caller at a time. */
  acquire(request: AcquireRequest): Promise<Issued>;
  /**
   * With the visitor. Opens its window before its first `await`, since browsers allow that only inside the click.
   * With mode `redirect` the page goes away and the promise stays open.
   */
  signIn?(request: SignInRequest): Promise<Issued>;
  /** Revokes what was issued. Called after everything here is forgotten already; a failure is told, and changes nothing. */
  end?(request: EndRequest): Promise<void>;
  /** Called while somebody shares the session; the answer ends it. For what no clock of ours can know. */
  attend?(care: SessionCare): () => void;
}
