import type {SecureMapError, SecureMapErrorCode} from '../credentials/errors.js';
import type {AuthState} from '../credentials/state.js';
import {RequestError, type RequestErrorKind} from '../request/request-error.js';
import type {LayerEntry} from './layer-entry.js';
import type {Words} from './words/words.js';

export type StatusAction = 'sign-in' | 'stay' | 'cancel' | 'retry' | 'dismiss';

/** One message to the visitor: what happened, and what they can do about it. */
export interface Status {
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly text: string;
  /** For the owner of the site; never holds a secret. */
  readonly details: readonly string[];
  readonly actions: readonly StatusAction[];
}

export interface StatusFacts {
  readonly state: AuthState;
  /** A window of ours is open, or the page is about to be left. */
  readonly isSigningIn: boolean;
  /** A request waits for the visitor, and the page did not take over the asking. */
  readonly isSignInAsked: boolean;
  /** The visitor can sign in here; otherwise only the page can help. */
  readonly canSignIn: boolean;
  readonly loginError: SecureMapError | undefined;
  /** Milliseconds until the session ends, when it is about to. */
  readonly timeLeft: number | undefined;
  readonly sourceError: SecureMapError | undefined;
  readonly configError: SecureMapError | undefined;
  readonly pageErrors: readonly SecureMapError[];
  readonly layers: readonly LayerEntry[];
  readonly isDismissed: boolean;
}

const loginWords: Readonly<Partial<Record<SecureMapErrorCode, keyof Words['status'] & `login${string}`>>> = {
  'login-cancelled': 'loginCancelled',
  'login-blocked': 'loginBlocked',
  'login-timeout': 'loginTimeout',
};

/** The most telling fault first: what the visitor or the owner can do something about. */
const kinds: readonly (readonly [
  RequestErrorKind,
  'forbidden' | 'refused' | 'unreachable' | 'blocked' | 'cors' | 'broken',
])[] = [
  ['forbidden', 'forbidden'],
  ['auth', 'refused'],
  ['origin', 'blocked'],
  ['cors', 'cors'],
  ['network', 'unreachable'],
  ['ogc', 'broken'],
  ['format', 'broken'],
];

/** In a few words, why a layer is not there. */
export const layerWordsOf = (error: RequestError, {status}: Words): string => {
  const name = kinds.find(([kind]) => kind === error.kind)?.[1] ?? 'broken';
  return status[name].title;
};

const signIn = ({canSignIn}: StatusFacts): readonly StatusAction[] => (canSignIn ? ['sign-in'] : []);

const authStatus = (facts: StatusFacts, {status}: Words): Status | undefined => {
  const {state, isSigningIn, isSignInAsked, canSignIn, loginError, sourceError, timeLeft} = facts;
  if (isSigningIn) return {tone: 'info', ...status.signingIn, details: [], actions: ['cancel']};
  if (loginError && state !== 'authenticated' && state !== 'refreshing') {
    const isProvider = loginError.code.startsWith('provider-') || loginError.code.startsWith('source-');
    const words = status[loginWords[loginError.code] ?? (isProvider ? 'providerUnreachable' : 'loginRefused')];
    return {tone: 'warning', ...words, details: [], actions: signIn(facts)};
  }
  if (state === 'expired') return {tone: 'warning', ...status.expired, details: [], actions: signIn(facts)};
  if (state === 'signed-out') return {tone: 'info', ...status.signedOut, details: [], actions: signIn(facts)};
  if (isSignInAsked && state === 'anonymous') {
    const words = canSignIn ? status.signInNeeded : status.pageSignIn;
    return {tone: 'info', ...words, details: [], actions: signIn(facts)};
  }
  // Also while it is tried again: a message that comes and goes with each try is nothing to read or to listen to.
  if (sourceError && (state === 'error' || state === 'authenticating')) {
    return {tone: 'warning', ...status.sourceFailed, details: [sourceError.message], actions: ['retry']};
  }
  if (timeLeft !== undefined && (state === 'authenticated' || state === 'refreshing')) {
    const {title, text} = status.ending;
    return {
      tone: 'warning',
      title,
      text: text(Math.max(1, Math.ceil(timeLeft / 60_000))),
      details: [],
      actions: ['stay'],
    };
  }
  return undefined;
};

const layerStatus = (facts: StatusFacts, {status}: Words): Status | undefined => {
  if (facts.isDismissed) return undefined;
  for (const [kind, name] of kinds) {
    const failed = facts.layers.filter(({error}) => error instanceof RequestError && error.kind === kind);
    if (failed.length === 0) continue;
    const {title, text} = status[name];
    const messages = new Set(failed.flatMap(({error}) => (error ? [error.message] : [])));
    return {
      tone: 'warning',
      title,
      text: text(failed.map((layer) => layer.title).join(', ')),
      details: [...messages].slice(0, 3),
      actions: ['retry', 'dismiss'],
    };
  }
  return undefined;
};

/** The one message that matters most now; `undefined` when all is well. */
export const statusOf = (facts: StatusFacts, words: Words): Status | undefined => {
  const {pageErrors, configError} = facts;
  if (pageErrors.length > 0) {
    const details = pageErrors.map((error) => error.message).slice(0, 5);
    return {tone: 'error', ...words.status.pageError, details, actions: []};
  }
  const auth = authStatus(facts, words);
  if (auth) return auth;
  if (configError) {
    const {cause, reason, message} = configError;
    const said =
      reason === 'forbidden' ? 'configForbidden' : reason === 'network' ? 'configUnreachable' : 'configFailed';
    // What is wrong with the document itself is said together with what would be right.
    const details = cause instanceof RequestError && reason !== 'format' ? [cause.message] : [message];
    return {tone: 'error', ...words.status[said], details, actions: ['retry']};
  }
  return layerStatus(facts, words);
};
