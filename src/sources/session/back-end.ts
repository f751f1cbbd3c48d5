import type {AcquireRequest, EndRequest, Issued, SessionCare} from '../../credentials/credential.js';
import {SecureMapError} from '../../credentials/errors.js';
import {loginCancelled} from '../window/cancelled.js';
import type {Page, Popup} from '../window/page.js';
import {IdleWatch} from './idle-watch.js';
import type {CookieSessionOptions} from './options.js';
import {probe, type Found} from './probe.js';
import {signOut} from './sign-out.js';
import {visitByRedirect, visitInPopup} from './visit.js';

/** The credential is the cookie: there is no token, and none is made up. */
const toIssued = ({at, user, endsAt}: Found): Issued => ({
  token: '',
  type: 'Cookie',
  receivedAt: at,
  expiresAt: endsAt,
  user,
});

/** As far as anybody said. */
const isSameVisitor = ({user: one}: Found, {user: other}: Found): boolean => one?.['sub'] === other?.['sub'];

/** The site's back end, as far as the map has to do with it. */
export class BackEnd {
  readonly #options: CookieSessionOptions;
  readonly #page: Page;
  #watch: IdleWatch | undefined;
  #found: Found | undefined;
  /** Somebody wanted the session, nobody had it, and the visitor did not choose that. */
  #isMissed = false;

  constructor(options: CookieSessionOptions, page: Page) {
    this.#options = options;
    this.#page = page;
  }

  async acquire({reason, signal}: AcquireRequest): Promise<Issued> {
    const found = await this.#look(signal);
    if (found) return toIssued(found);
    throw new SecureMapError(
      reason === 'initial' ? 'login-required' : 'session-over',
      'session-url: the site says that the visitor is not signed in.',
      {reason: 'not-signed-in'},
    );
  }

  async signInByPopup(popup: Popup, signal: AbortSignal): Promise<Issued> {
    const visit = await visitInPopup(popup, this.#page, this.#options, signal);
    const found = await this.#look(signal);
    if (found) return toIssued(found);
    if (visit === 'closed') throw loginCancelled();
    throw new SecureMapError('login-refused', 'The site says that the visitor is still not signed in.', {
      reason: 'not-signed-in',
    });
  }

  signInByRedirect(signal: AbortSignal): Promise<never> {
    return visitByRedirect(this.#page, this.#options, signal);
  }

  async end(request: EndRequest, popup: Popup | undefined): Promise<void> {
    this.#note(undefined);
    this.#isMissed = false;
    if (!request.isElsewhere) await signOut(this.#options, this.#page, popup, request);
  }

  /** Looks after the session while somebody shares it. */
  attend(care: SessionCare | undefined): void {
    const {environment} = this.#options;
    this.#watch?.stop();
    this.#watch = care && new IdleWatch({environment, care, lookWhoIsThere: () => void this.#lookQuietly(care)});
    if (this.#found) this.#watch?.answered(this.#found);
  }

  /**
   * Tells nobody unless something has changed: somebody came, left, or took another's place. A network that is just
   * waking up says nothing of that.
   */
  async #lookQuietly(care: SessionCare): Promise<void> {
    const before = this.#found;
    if (!before && !this.#isMissed) return;
    let found: Found | undefined;
    try {
      found = await probe(this.#options, new AbortController().signal);
    } catch {
      return;
    }
    const isOutdated = this.#found !== before || (!before && !this.#isMissed);
    if (isOutdated || (!before && !found)) return;
    if (before && found && isSameVisitor(before, found)) this.#note(found);
    else care.renew();
  }

  async #look(signal: AbortSignal): Promise<Found | undefined> {
    const found = await probe(this.#options, signal);
    signal.throwIfAborted();
    this.#note(found);
    return found;
  }

  #note(found: Found | undefined): void {
    this.#found = found;
    this.#isMissed = found === undefined;
    if (found) this.#watch?.answered(found);
    else this.#watch?.over();
  }
}
