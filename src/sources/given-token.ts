import type {Credential, CredentialSource} from '../credentials/credential.js';
import {isSecureMapError, SecureMapError} from '../credentials/errors.js';
import type {SourceKind} from './source-kind.js';
import {toCredential, withJwtExpiry} from './token.js';

/** Checked when the tag is read, so that a wrong token is an error of the page and not of the first tile. */
const check = (token: unknown, now: number): Credential => {
  try {
    return toCredential('token', {token}, now);
  } catch (error) {
    if (!isSecureMapError(error)) throw error;
    throw new SecureMapError('invalid-attribute', error.message);
  }
};

/** The `token` attribute or property: the page has a token and brings the next one by setting it again. */
export const givenToken: SourceKind = {
  selectedBy: ['token'],

  identity: () => undefined,

  create({token}, {environment}): CredentialSource {
    let given: Credential | undefined = check(token, environment.now());
    return {
      async acquire({reason, signal}) {
        signal.throwIfAborted();
        const credential = given;
        // Given once: neither after a refusal nor after a sign-out is it good for anything.
        given = undefined;
        if (credential && reason === 'initial') return withJwtExpiry(credential);
        throw new SecureMapError('login-required', 'A given token is renewed by the page, which sets `token` again.', {
          reason: reason === 'unauthorized' ? 'token-refused' : undefined,
        });
      },
    };
  },
};
