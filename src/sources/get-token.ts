import {released} from '../credentials/abort.js';
import type {CredentialSource} from '../credentials/credential.js';
import {isSecureMapError, SecureMapError} from '../credentials/errors.js';
import type {SourceKind, TokenResponse} from './source-kind.js';
import {toCredential, withJwtExpiry} from './token.js';

const isAnswer = (value: unknown): value is TokenResponse =>
  typeof value === 'object' && value !== null && 'token' in value;

/** The `getToken` property: the page's own function, asked whenever a token is needed. */
export const getTokenSource: SourceKind = {
  selectedBy: ['getToken'],

  // Maps that were given the same function share what it gives; one that asks for a type of its own gets its own.
  identity: ({getToken}, {tokenType}) => (tokenType ? undefined : getToken),

  create({getToken}, {environment, tokenType}): CredentialSource {
    if (typeof getToken !== 'function') {
      throw new SecureMapError(
        'invalid-attribute',
        'getToken: must be a function that returns a token or a promise of one.',
      );
    }
    return {
      async acquire({reason, origin, rejected, signal}) {
        let answer: unknown;
        try {
          signal.throwIfAborted();
          const work = Promise.resolve(getToken({reason, origin, rejectedToken: rejected?.token, signal}));
          answer = await released(work, signal);
        } catch (error) {
          signal.throwIfAborted();
          // The page may say by our own error that the visitor has to sign in, or that the session is over.
          if (isSecureMapError(error)) throw error;
          throw new SecureMapError('source-unreachable', 'getToken: the function threw an error.', {cause: error});
        }
        const fields = isAnswer(answer) ? answer : {token: answer};
        return withJwtExpiry(toCredential('getToken', fields, environment.now(), tokenType));
      },
    };
  },
};
