import {BrokerError, type BrokerErrorCode} from '../broker-error.js';
import {AuthorizationResponseError, ClientError, ResponseBodyError} from 'openid-client';

/**
 * `refused`: the provider has said no to this visitor. `ended`: what was handed in is no longer good (`invalid_grant`).
 * `unreachable`: it may work later. `invalid-answer`, `misconfigured`: somebody has to look at it.
 */
export type ProviderFailure = 'refused' | 'ended' | 'unreachable' | 'invalid-answer' | 'misconfigured';

/** What went wrong with the provider, in words that hold nothing it was sent or has sent but its error code. */
export class ProviderError extends Error {
  override name = 'ProviderError';
  readonly code: ProviderFailure;

  constructor(code: ProviderFailure, message: string) {
    super(message);
    this.code = code;
  }
}

const CODES: Readonly<Record<ProviderFailure, BrokerErrorCode>> = {
  refused: 'platform-refused',
  ended: 'platform-refused',
  unreachable: 'platform-unreachable',
  'invalid-answer': 'platform-invalid',
  misconfigured: 'platform-refused',
};

/** For the operator's log: the provider is one of the platforms that a broker stands before. */
export const forLog = ({code, message}: ProviderError): BrokerError => new BrokerError(CODES[code], message);

/** Error codes are printable (RFC 6749 §5.2); what is longer is not one. */
const shown = (code: string): string => code.replace(/[^\w.:/-]/gu, '').slice(0, 64);

/** Answers that say nothing of the request: a proxy that is down, a page in place of JSON. */
const isTrouble = (status: number): boolean => status >= 500 || status === 429 || status === 408;

const codeOf = ({error, status}: ResponseBodyError): ProviderFailure => {
  if (error === 'invalid_grant') return 'ended';
  if (isTrouble(status) || error === 'temporarily_unavailable' || error === 'server_error') return 'unreachable';
  return 'misconfigured';
};

const fromClient = (error: ClientError): ProviderError => {
  const {cause, code = 'unknown'} = error;
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT')
    return new ProviderError('unreachable', 'The provider does not answer.');
  if (cause instanceof Response) {
    const isLater = isTrouble(cause.status);
    const what = `The provider answered with status ${cause.status} and not as the standard says (${shown(code)}).`;
    return new ProviderError(isLater ? 'unreachable' : 'invalid-answer', what);
  }
  return new ProviderError(
    'invalid-answer',
    `The answer of the provider is refused (${shown(code)}): ${error.message}.`,
  );
};

export const toProviderError = (error: unknown): ProviderError => {
  if (error instanceof ProviderError) return error;
  if (error instanceof AuthorizationResponseError) {
    return new ProviderError('refused', `The provider refused the sign-in (${shown(error.error)}).`);
  }
  if (error instanceof ResponseBodyError) {
    return new ProviderError(
      codeOf(error),
      `The provider answered ${error.status} with the error ${shown(error.error)}.`,
    );
  }
  if (error instanceof ClientError) return fromClient(error);
  // What the library beneath says is no error of the network, such as an endpoint that is not https.
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('OAUTH_')) {
    return new ProviderError('invalid-answer', `What the provider says is refused (${shown(String(error.code))}).`);
  }
  // `fetch` failed: no such host, refused, cut, or a certificate that nobody knows.
  return new ProviderError('unreachable', 'The provider cannot be reached.');
};
