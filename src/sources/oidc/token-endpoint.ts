import type {MacKey, TokenType} from '../../credentials/credential.js';
import type {Environment} from '../../credentials/environment.js';
import {SecureMapError} from '../../credentials/errors.js';
import {isRecord} from '../../credentials/is-record.js';
import type {LazyDpop} from './lazy-dpop.js';
import {readMacKey} from '../mac-key.js';
import {ask, type HttpAnswer, type HttpRequest} from './http.js';

/** An answer of the token endpoint. Nothing in it is verified yet. */
export interface TokenResponse {
  readonly accessToken: string;
  readonly type: TokenType;
  /** With type `MAC`. */
  readonly mac?: MacKey | undefined;
  /** The key that the request proved to hold: a refresh token may be bound to it, whatever the type is. */
  readonly keyId?: string | undefined;
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

const refused = (reason: string, message: string): SecureMapError =>
  new SecureMapError('login-refused', message, {reason});

/** Where and how tokens are bound to a key (RFC 9449 §5). */
export interface Binding {
  readonly dpop: LazyDpop;
  readonly keyId: string;
  /** Whether nothing else will do. */
  readonly isRequired: boolean;
}

export interface TokenRequest extends Required<Pick<HttpRequest, 'url' | 'form'>> {
  readonly binding?: Binding | undefined;
  /** The only token type to take. */
  readonly tokenType?: 'MAC' | undefined;
}

/** Some say "no" with status 200. */
const errorOf = (json: unknown): string | undefined =>
  isRecord(json) && json['error'] !== undefined && json['error'] !== null ? errorCode(json['error']) : undefined;

/**
 * One more try where the proof was refused for a nonce or a time that is known now (RFC 9449 §8): the grant was not
 * looked at yet. Only the error code decides that, since a nonce may come with any other refusal.
 */
const askWithProof = async (
  {url, form, binding}: TokenRequest,
  environment: Environment,
  signal: AbortSignal,
): Promise<HttpAnswer> => {
  const what = 'The token endpoint';
  if (!binding) return ask({url, form, what}, environment, signal);
  const {dpop, keyId} = binding;
  const attempt = async (): Promise<HttpAnswer> =>
    ask(
      {
        url,
        form,
        what,
        headers: {DPoP: await dpop.prove({method: 'POST', url}, {keyId})},
        onAnswer: (headers) => void dpop.learn({url, headers}),
      },
      environment,
      signal,
    );
  const answer = await attempt();
  return dpop.learn({url, headers: answer.headers, error: errorOf(answer.json)}) ? attempt() : answer;
};

/** RFC 6749 §7.1: a token of a type that we do not know, or cannot use, must not be used. */
const tokenType = (value: unknown, {binding, tokenType: wanted}: TokenRequest): TokenType => {
  const type = typeof value === 'string' ? value.toLowerCase() : '';
  if (wanted && type === wanted.toLowerCase()) return wanted;
  if (wanted) throw refused('token-type', `The sign-in provider gave a token that is not of type ${wanted}.`);
  if (type === 'dpop' && binding) return 'DPoP';
  // RFC 9449 §5: a server that binds no access tokens may answer so, and the refresh token is bound all the same.
  if (type === 'bearer' && !binding?.isRequired) return 'Bearer';
  const allowed = binding ? (binding.isRequired ? 'DPoP' : 'Bearer or DPoP') : 'Bearer';
  throw refused('token-type', `The sign-in provider gave a token that is not of type ${allowed}.`);
};

export const requestToken = async (
  request: TokenRequest,
  environment: Environment,
  signal: AbortSignal,
): Promise<TokenResponse> => {
  const {ok, status, json, receivedAt} = await askWithProof(request, environment, signal);
  const reason = errorOf(json);
  if (reason !== undefined) throw refused(reason, `The sign-in provider refused: ${reason}.`);
  if (!ok) throw invalid(`http-${status}`, `answered with status ${status}`);
  if (!isRecord(json)) throw invalid('not-json', 'did not answer with a JSON object');
  const accessToken = text(json['access_token']);
  if (!accessToken || !ACCESS_TOKEN.test(accessToken)) throw invalid('access-token', 'gave no usable access token');
  const type = tokenType(json['token_type'], request);
  const mac = type === 'MAC' ? readMacKey(json['mac_key'], json['mac_algorithm']) : undefined;
  if (type === 'MAC' && !mac) throw invalid('mac-key', 'gave no usable MAC key');
  return {
    accessToken,
    type,
    mac,
    keyId: request.binding?.keyId,
    refreshToken: text(json['refresh_token']),
    idToken: text(json['id_token']),
    scope: text(json['scope']),
    expiresIn: json['expires_in'],
    receivedAt,
  };
};
