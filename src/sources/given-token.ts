import type {CredentialSource} from '../credentials/credential.js';
import {SecureMapError} from '../credentials/errors.js';
import type {SourceKind} from './source-kind.js';
import {toCredential} from './token.js';

/** The `token` attribute or property: the page has a token and brings the next one by setting it again. */
export const givenToken: SourceKind = {
  selectedBy: ['token'],

  identity: () => undefined,

  create({token}, {environment}): CredentialSource {
    // Checked when the tag is read, so that a wrong token is an error of the page and not of the first tile.
    const credential = toCredential('token', {token}, environment.now());
    return {
      async acquire({reason}) {
        if (reason === 'initial') return credential;
        throw new SecureMapError('login-required', 'A given token is renewed by the page, which sets `token` again.', {
          reason: reason === 'unauthorized' ? 'token-refused' : undefined,
        });
      },
    };
  },
};
