import type {SecureMapError} from '../credentials/errors.js';
import type {StatusFacts} from './status.js';
import type {Viewer} from './viewer.js';

/** What has gone wrong, and is still so. */
export interface Trouble {
  config?: SecureMapError | undefined;
  source?: SecureMapError | undefined;
  /** When the session ends, unless the visitor does something. */
  endsAt?: number | undefined;
  /** The visitor has read what was said of the layers. */
  isDismissed?: boolean;
}

/** What the message to the visitor is made of. */
export const factsOf = (
  {auth, signIn, environment, problems, layers}: Viewer,
  {config, source, endsAt, isDismissed = false}: Trouble,
): StatusFacts => ({
  state: auth.state,
  isSigningIn: signIn.isRunning,
  isSignInAsked: signIn.isAsked,
  canSignIn: signIn.canSignIn,
  loginError: signIn.error,
  timeLeft: endsAt === undefined ? undefined : endsAt - environment.now(),
  sourceError: source,
  configError: config,
  pageErrors: problems.all,
  layers: layers.entries,
  isDismissed,
});
