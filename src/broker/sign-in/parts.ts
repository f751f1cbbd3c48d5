import {createSeal, type Seal} from '../seal.js';
import {createCookieJar, type CookieJar} from './cookies.js';
import {createEndedSessions} from './ended-sessions.js';
import type {SignInSettings} from './options.js';
import {createProvider, type Provider} from './provider.js';
import {createRenewal, type Renewal} from './renewal.js';
import {createSessions, type Sessions} from './session.js';

/** What the routes work with. */
export interface Parts {
  readonly settings: SignInSettings;
  readonly seal: Seal;
  readonly jar: CookieJar;
  readonly provider: Provider;
  readonly sessions: Sessions;
  readonly renewal: Renewal;
  /** The address of a path that `safePath` has let through. */
  readonly address: (path: string) => string;
}

export const createParts = (settings: SignInSettings): Parts => {
  const {base, path, secrets, now, options} = settings;
  // The address is in it: the cookies of another sign-in do not open here, even with the same secret.
  const seal = createSeal({secrets, purpose: `sign-in ${base.origin}${path}`, now});
  const jar = createCookieJar(base);
  const provider = createProvider(settings);
  const sessions = createSessions(settings, seal, jar, options.endedSessions ?? createEndedSessions(now));
  const renewal = createRenewal(settings, provider, sessions);
  return {settings, seal, jar, provider, sessions, renewal, address: (to) => new URL(to, base).href};
};
