import {SecureMapError} from '../credentials/errors.js';

/** An attribute of the tag that cannot be used. `why` says what is allowed. */
export const invalid = (attribute: string, why: string): SecureMapError =>
  new SecureMapError('invalid-attribute', `${attribute}: ${why}.`);

/** What a platform answered cannot be used, and why. */
export const unusable = (why: string): SecureMapError => new SecureMapError('invalid-config', `platform: ${why}.`);
