import {html, nothing} from 'lit';
import {SecureMapError} from '../credentials/errors.js';
import type {PlatformFrame} from '../platforms/platform.js';
import type {AuthController} from './auth-controller.js';
import {AuthRequiredEvent} from './events.js';
import type {ViewerHost} from './viewer-host.js';

/**
 * What a page of a map platform may do here. Not to take this page elsewhere, nor to look at cookies that it is not
 * given: those of its own site it may ask the browser for.
 */
const SANDBOX = [
  'allow-scripts',
  'allow-same-origin',
  'allow-forms',
  'allow-popups',
  'allow-downloads',
  'allow-modals',
  'allow-storage-access-by-user-activation',
].join(' ');

const refused = (): SecureMapError =>
  new SecureMapError(
    'login-refused',
    'The frame asks for the sign-in again. The browser may keep the cookies of other sites out of frames.',
    {reason: 'not-signed-in'},
  );

/**
 * A page of a platform in the place of the map. Nothing can be known of what it shows as long as that is of another
 * origin; when it is of the page's own, the platform has sent the visitor to the site's sign-in.
 */
export class FrameController {
  readonly src: string;
  /** Where the visitor signs in, in a window of its own, before the frame is shown; absent when the frame comes at once. */
  readonly signInUrl: string | undefined;
  readonly #host: ViewerHost;
  readonly #auth: AuthController;
  readonly #isForeign: boolean;
  #isShown: boolean;
  #wasReloaded = false;
  #wasTold = false;
  #loading: PromiseWithResolvers<void> | undefined;

  constructor(host: ViewerHost, auth: AuthController, {src}: PlatformFrame) {
    this.#host = host;
    this.#auth = auth;
    this.src = src;
    this.#isForeign = new URL(src).origin !== location.origin;
    // `popup` is the default of the tag: only who wrote it down wants a window before the frame.
    this.signInUrl = host.hasAttribute('login') && host.loginWay === 'popup' ? src : undefined;
    this.#isShown = this.signInUrl === undefined;
  }

  view(title: string): unknown {
    // Nothing of it is for whoever comes next.
    if (!this.#isShown || this.#auth.state === 'signed-out') return nothing;
    return html`<iframe
      part="frame"
      title=${title}
      src=${this.src}
      sandbox=${SANDBOX}
      allow="fullscreen"
      referrerpolicy="no-referrer"
      @load=${this.#onLoad}
    ></iframe>`;
  }

  /**
   * After the sign-in: shows the frame, or loads it anew. Resolves when something has loaded in it; rejects when that is
   * the sign-in again.
   */
  async show(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const loading = (this.#loading = Promise.withResolvers<void>());
    const onAbort = (): void => loading.reject(signal.reason);
    signal.addEventListener('abort', onAbort, {once: true});
    const frame = this.#frame;
    this.#isShown = true;
    if (frame) frame.src = this.src;
    else this.#host.requestUpdate();
    try {
      await loading.promise;
    } catch (error) {
      this.#isShown = false;
      this.#host.requestUpdate();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (this.#loading === loading) this.#loading = undefined;
    }
  }

  get #frame(): HTMLIFrameElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLIFrameElement>('iframe[part="frame"]') ?? null;
  }

  readonly #onLoad = ({target}: Event): void => {
    if (!(target instanceof HTMLIFrameElement)) return;
    const page = target.contentDocument;
    if (page?.URL === 'about:blank') return;
    if (this.#isForeign && page) return this.#onSignInPage(target);
    this.#wasReloaded = false;
    this.#wasTold = false;
    this.#loading?.resolve();
  };

  /** A session that has just ended may have been renewed meanwhile, so that once more is worth a try. */
  #onSignInPage(frame: HTMLIFrameElement): void {
    if (this.#loading) this.#loading.reject(refused());
    // Loads it once more, by `show`; the session is over when it comes here again.
    else if (this.signInUrl !== undefined) this.#auth.refresh().catch(() => undefined);
    else if (!this.#wasReloaded) {
      this.#wasReloaded = true;
      frame.src = this.src;
    } else if (!this.#wasTold) {
      // The visitor may sign in right there.
      this.#wasTold = true;
      this.#host.dispatchEvent(new AuthRequiredEvent('session-over'));
    }
  }
}
