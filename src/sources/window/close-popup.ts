import type {Environment} from '../../credentials/environment.js';
import type {Popup} from './page.js';

/** In milliseconds: when a window that was asked to close is looked at again. */
const LOOKS = [300, 1_500];

/**
 * Closes a window, and once more where it is still there: what is asked of it in the very moment in which the provider's
 * page takes the place of the empty one is lost (Chromium 156, in 2 of 100 sign-ins that were cancelled then).
 */
export const closePopup = (popup: Popup, {after}: Pick<Environment, 'after'>): void => {
  popup.close();
  for (const delay of LOOKS) {
    after(delay, () => {
      if (!popup.closed) popup.close();
    });
  }
};
