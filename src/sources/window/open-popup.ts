import {SecureMapError} from '../../credentials/errors.js';
import type {Page, Popup} from './page.js';

const WIDTH = 480;
const HEIGHT = 680;

/** Has to run in the click itself, before any `await`: browsers allow it only there. */
export const openPopup = (page: Page): Popup => {
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

/** Of a sign-out: a blocked window must not keep the visitor signed in, then this page goes there. */
export const popupIfAllowed = (page: Page): Popup | undefined => {
  try {
    return openPopup(page);
  } catch {
    return undefined;
  }
};
