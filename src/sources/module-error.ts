import {SecureMapError} from '../credentials/errors.js';

/** The error of a chunk that could not be loaded, which says nothing about the session. */
export const moduleError = (code: 'provider-unreachable' | 'source-unreachable', cause: unknown): SecureMapError =>
  new SecureMapError(code, 'A part of secure-map.js could not be loaded.', {reason: 'module', cause});
