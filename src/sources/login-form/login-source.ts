import type {CredentialSource, Issued, SignInRequest} from '../../credentials/credential.js';
import {isSecureMapError, SecureMapError} from '../../credentials/errors.js';
import {openDialog} from './dialog.js';
import {sendLogin, type LoginOptions} from './send-login.js';
import {loginCancelled} from '../window/cancelled.js';

/** What another try of the visitor may mend; anything else is for the owner of the site. */
const isForAnotherTry = (error: unknown): error is SecureMapError =>
  isSecureMapError(error)
  && (error.reason === 'wrong-password' || error.reason === 'forbidden' || error.code === 'provider-unreachable');

/** Asks until the service takes what was typed, or the visitor has had enough. */
const askVisitor = async (options: LoginOptions, signal: AbortSignal): Promise<Issued> => {
  const dialog = openDialog(options.url.host, signal);
  try {
    for (let error: SecureMapError | undefined; ;) {
      const form = await dialog.ask(error);
      if (!form) throw loginCancelled();
      try {
        return await sendLogin(options, form, signal);
      } catch (reason) {
        if (signal.aborted || !isForAnotherTry(reason)) throw reason;
        error = reason;
      }
    }
  } finally {
    dialog.close();
  }
};

/** A service that takes a user name and password. Nothing of them is kept, so nothing can be renewed without the visitor. */
export const createLoginSource = (options: LoginOptions): CredentialSource => ({
  takesForm: true,

  async acquire({reason, signal}): Promise<Issued> {
    signal.throwIfAborted();
    if (reason === 'unauthorized') {
      throw new SecureMapError('session-over', 'The token is not accepted any more.', {reason: 'token-refused'});
    }
    throw new SecureMapError('login-required', 'The visitor has to sign in first.');
  },

  async signIn({form, signal}: SignInRequest): Promise<Issued> {
    try {
      signal.throwIfAborted();
      return await (form ? sendLogin(options, form, signal) : askVisitor(options, signal));
    } catch (error) {
      throw signal.aborted ? loginCancelled() : error;
    }
  },
});
