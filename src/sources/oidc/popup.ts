import type {Environment} from '../../credentials/environment.js';
import {SecureMapError} from '../../credentials/errors.js';
import type {Page} from './page.js';

const WIDTH = 480;
const HEIGHT = 680;

/** Has to run in the click itself, before any `await`: browsers allow it only there. */
export const openPopup = (page: Page): Window => {
  const left = Math.max(0, Math.round(page.screenX + (page.outerWidth - WIDTH) / 2));
  const top = Math.max(0, Math.round(page.screenY + (page.outerHeight - HEIGHT) / 2));
  const features = `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`;
  const popup = page.open('about:blank', `secure-map-${crypto.randomUUID()}`, features);
  // Some blockers hand out a window that is closed already.
  if (!popup || popup.closed) {
    throw new SecureMapError('login-blocked', 'The browser blocked the sign-in window.', {reason: 'popup'});
  }
  return popup;
};

const POLL = 500;
/** Until the tie to the popup is proven or cut, to catch the moment. */
const FAST_POLL = 50;
/** Looks in a row at an open foreign page that prove the tie: 100 ms, against under 10 ms measured for a cut. */
const PROOF = 3;

/** How long an answer may still come, in milliseconds. */
export interface Grace {
  /** After the visitor closed the popup: for an answer that is on its way. */
  readonly closed: number;
  /** After the tie was cut: for the visitor, who still types. */
  readonly cut: number;
}

type Sight = 'blank' | 'own' | 'foreign';

const look = (popup: Window): Sight => {
  try {
    return popup.location.href === 'about:blank' ? 'blank' : 'own';
  } catch {
    return 'foreign';
  }
};

/**
 * Calls `gone` when the visitor has closed the popup and no answer can come any more; the answer of this function ends
 * the watch.
 *
 * `closed` alone does not tell: a provider that sends Cross-Origin-Opener-Policy cuts the tie between the windows, and
 * then `closed` is true while the visitor still types (oidc-client-ts#2043). Measured in Chromium: after the cut the
 * location cannot be read, and the cut comes within 10 ms after the provider's page; a popup that is closed before any
 * page came still shows `about:blank`. Hence the rule:
 * - closed with a location that can be read, or after the provider's page was seen open for 100 ms: the visitor closed
 *   it.
 * - closed as soon as the provider's page came: the tie was cut.
 * A tie that a later page cuts (a provider that sends the visitor on to another one) looks like the first case.
 */
export const watchClosing = (popup: Window, environment: Environment, grace: Grace, gone: () => void): (() => void) => {
  let seenForeign = 0;
  let cancel = (): void => undefined;

  const tick = (): void => {
    const sight = look(popup);
    if (popup.closed) {
      const isCut = sight === 'foreign' && seenForeign < PROOF;
      cancel = environment.after(isCut ? grace.cut : grace.closed, gone);
      return;
    }
    seenForeign = sight === 'foreign' ? seenForeign + 1 : 0;
    cancel = environment.after(seenForeign < PROOF ? FAST_POLL : POLL, tick);
  };
  tick();
  return () => cancel();
};
