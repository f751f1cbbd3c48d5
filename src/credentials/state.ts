/** What the visitor's session is doing. Changes only on a fact, never on a hope. */
export type AuthState =
  'anonymous' | 'authenticating' | 'authenticated' | 'refreshing' | 'expired' | 'signed-out' | 'error';

/** The facts that move a session from one state to the next. */
export type AuthFact =
  /** A sign-in or a first acquisition began. */
  | 'asked'
  /** A credential is here. */
  | 'granted'
  /** The renewal of a credential that we hold began. */
  | 'renewing'
  /** A try failed for a passing reason; what we hold is kept. */
  | 'failed'
  /** Only the visitor can go on: there is nothing to renew. */
  | 'needs-visitor'
  /** The grant is gone: refused, revoked or run out. */
  | 'ended'
  /** The visitor signed out. */
  | 'left';

type Row = Readonly<Partial<Record<AuthFact, AuthState>>>;

const table: Readonly<Record<AuthState, Row>> = {
  anonymous: {asked: 'authenticating', granted: 'authenticated', failed: 'error', left: 'signed-out'},
  authenticating: {
    granted: 'authenticated',
    failed: 'error',
    'needs-visitor': 'anonymous',
    ended: 'expired',
    left: 'signed-out',
  },
  authenticated: {renewing: 'refreshing', ended: 'expired', left: 'signed-out'},
  refreshing: {granted: 'authenticated', failed: 'authenticated', ended: 'expired', left: 'signed-out'},
  expired: {asked: 'authenticating', granted: 'authenticated', left: 'signed-out'},
  'signed-out': {asked: 'authenticating', granted: 'authenticated'},
  error: {
    asked: 'authenticating',
    granted: 'authenticated',
    'needs-visitor': 'anonymous',
    ended: 'expired',
    left: 'signed-out',
  },
};

/** The state after a fact. A fact that means nothing in a state leaves it as it is. */
export const transition = (state: AuthState, fact: AuthFact): AuthState => table[state][fact] ?? state;
