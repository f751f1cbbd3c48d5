import type {Environment} from '../../credentials/environment.js';
import {SecureMapError} from '../../credentials/errors.js';
import {ask, type HttpRequest} from './http.js';
import {isRecord} from './record.js';

/** An answer of the token endpoint. Nothing in it is verified yet. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
  readonly scope?: string | undefined;
  readonly expiresIn: unknown;
  readonly receivedAt: number;
}

/** The error codes of RFC 6749 §4.1.2.1 and §5.2 and of OpenID Connect, and nothing that somebody may have added. */
export const errorCode = (value: unknown): string => {
  const code = typeof value === 'string' ? value.replace(/[^a-z_]/g, '').slice(0, 64) : '';
  return code || 'unknown_error';
};

const invalid = (reason: string, why: string): SecureMapError =>
  new SecureMapError('provider-invalid', `The token endpoint of the sign-in provider ${why}.`, {reason});

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** RFC 6749 appendix A.12, less the space: nothing else can stand in a header. */
const ACCESS_TOKEN = /^[\x21-\x7e]+$/;

export const requestToken = async (
  {url, form}: Required<Pick<HttpRequest, 'url' | 'form'>>,
  environment: Environment,
  signal: AbortSignal,
): Promise<TokenAnswer> => {
  const {ok, status, json, receivedAt} = await ask({url, form, what: 'The token endpoint'}, environment, signal);
  // Some say "no" with status 200.
  if (isRecord(json) && json['error'] !== undefined && json['error'] !== null) {
    const reason = errorCode(json['error']);
    throw new SecureMapError('login-refused', `The sign-in provider refused: ${reason}.`, {reason});
  }
  if (!ok) throw invalid(`http-${status}`, `answered with status ${status}`);
  if (!isRecord(json)) throw invalid('not-json', 'did not answer with a JSON object');
  const accessToken = text(json['access_token']);
  if (!accessToken || !ACCESS_TOKEN.test(accessToken)) throw invalid('access-token', 'gave no usable access token');
  // RFC 6749 §7.1: a token of a type that we do not know must not be used. DPoP comes with a later version.
  if (typeof json['token_type'] !== 'string' || json['token_type'].toLowerCase() !== 'bearer') {
    throw new SecureMapError('login-refused', 'The sign-in provider gave a token that is not of type Bearer.', {
      reason: 'token-type',
    });
  }
  return {
    accessToken,
    refreshToken: text(json['refresh_token']),
    idToken: text(json['id_token']),
    scope: text(json['scope']),
    expiresIn: json['expires_in'],
    receivedAt,
  };
};
