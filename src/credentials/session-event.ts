import type {Credential} from './credential.js';
import type {SecureMapError} from './errors.js';
import type {AuthState} from './state.js';

/** What a session tells those who share it. None of it holds a token. */
export type SessionEvent =
  | {
      readonly type: 'state';
      readonly state: AuthState;
      readonly previous: AuthState;
      readonly reason?: string | undefined;
    }
  /** A credential is here. `renewed`: it replaced one; `sameUser`: what was loaded before may stay. */
  | {
      readonly type: 'granted';
      readonly renewed: boolean;
      readonly sameUser: boolean;
      readonly expiresAt: Credential['expiresAt'];
    }
  /** The session ended without the visitor asking for it. */
  | {readonly type: 'over'; readonly reason: string}
  /** The session ends then unless the visitor does something; without a time: it does not any more. */
  | {readonly type: 'ending'; readonly endsAt: number | undefined}
  /** A request needs a sign-in by the visitor. */
  | {readonly type: 'required'; readonly reason: string}
  /** The page is about to be left for a sign-in elsewhere. */
  | {readonly type: 'leaving'}
  | {readonly type: 'error'; readonly error: SecureMapError};

export type SessionListener = (event: SessionEvent) => void;
