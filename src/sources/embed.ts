import type {Issued, SignInRequest} from '../credentials/credential.js';
import {isSecureMapError, SecureMapError} from '../credentials/errors.js';
import type {SourceKind} from './source-kind.js';
import {loginCancelled} from './window/cancelled.js';
import {openPopup} from './window/open-popup.js';
import {superviseSignIn} from './window/popup-sign-in.js';

/**
 * The visitor's session at a platform that is shown in a frame, which no script of this page can see. They sign in there
 * in a window of their own, where the platform's cookies are not those of another site; the window is closed when they
 * are done. Whether it worked shows in the frame.
 */
export const embed: SourceKind = {
  selectedBy: ['embed'],
  carriedBy: 'cookie',
  identity: () => undefined,
  create({embed: url = ''}, {environment, showFrame}) {
    const visit = async (signal: AbortSignal): Promise<void> => {
      const popup = openPopup(window);
      const supervised = superviseSignIn(popup, window, environment, signal);
      try {
        await supervised.ask(url, crypto.randomUUID());
      } catch (error) {
        if (signal.aborted) throw loginCancelled();
        // No answer can come from there: the visitor closes the window when they are done.
        if (!isSecureMapError(error) || error.code !== 'login-cancelled') throw error;
      } finally {
        supervised.end();
        popup.close();
      }
    };
    const shown = async (signal: AbortSignal): Promise<Issued> => {
      await showFrame?.(signal);
      return {token: '', type: 'Cookie', receivedAt: environment.now()};
    };
    return {
      async acquire({reason, signal}) {
        // Whether the visitor has a session there already, nobody could say: the frame would look the same.
        if (reason === 'initial')
          throw new SecureMapError('login-required', 'The visitor has to sign in at the platform.');
        try {
          return await shown(signal);
        } catch (cause) {
          signal.throwIfAborted();
          throw new SecureMapError('session-over', 'The session at the platform has ended.', {cause});
        }
      },
      async signIn({mode, signal}: SignInRequest) {
        if (signal.aborted) throw loginCancelled();
        // This page cannot go there and come back: nothing there knows of it.
        if (mode !== 'popup') throw new SecureMapError('login-blocked', 'The browser blocked the sign-in window.');
        await visit(signal);
        return shown(signal);
      },
    };
  },
};
