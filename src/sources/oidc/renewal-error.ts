import {isSecureMapError, SecureMapError, type SecureMapErrorCode} from '../../credentials/errors.js';

/** Only the visitor can help: the grant is gone, or the provider wants to see them (OpenID Connect Core §3.1.2.6). */
const GRANT_GONE = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'account_selection_required',
]);

const renewalCode = ({code, reason = ''}: SecureMapError): SecureMapErrorCode => {
  if (code === 'provider-unreachable') return reason === 'timeout' ? 'source-timeout' : 'source-unreachable';
  if (code === 'login-refused') {
    // A token that fails its checks may be somebody else's: with that the session cannot go on.
    const isOver = GRANT_GONE.has(reason) || reason === 'token-type' || reason.startsWith('id-token-');
    return isOver ? 'session-over' : 'source-invalid';
  }
  return code === 'provider-invalid' ? 'source-invalid' : code;
};

/** What a failed renewal means to the session. Only a refusal ends it; everything else is tried again. */
export const asRenewalError = (error: unknown): unknown =>
  isSecureMapError(error)
    ? new SecureMapError(renewalCode(error), error.message, {
        cause: error.cause,
        reason: error.reason,
        retryAfter: error.retryAfter,
      })
    : error;
