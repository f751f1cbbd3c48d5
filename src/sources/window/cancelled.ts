import {SecureMapError} from '../../credentials/errors.js';

/** The visitor, or the page, gave the sign-in up. */
export const loginCancelled = (message = 'The sign-in was cancelled.'): SecureMapError =>
  new SecureMapError('login-cancelled', message);
