import {getTokenSource} from './get-token.js';
import {givenToken} from './given-token.js';
import {oauth2} from './oauth2.js';
import {oidc} from './oidc.js';
import {session} from './session.js';
import type {SourceKind} from './source-kind.js';
import {tokenUrl} from './token-url.js';

/** Every way to get a credential. A new one is one file and one line here. */
export const sources = {
  token: givenToken,
  getToken: getTokenSource,
  tokenUrl,
  session,
  oidc,
  oauth2,
} satisfies Record<string, SourceKind>;
