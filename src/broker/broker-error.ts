/** Every way in which the server half says no. What a visitor is told is far less: see `answer.ts`. */
export type BrokerErrorCode =
  /** An option of a function is missing or wrong. The message names it, and never shows a secret. */
  | 'invalid-option'
  /** The platform does not accept the account: a wrong password, a disabled user. */
  | 'platform-refused'
  /** 429 or 503. */
  | 'platform-busy'
  | 'platform-unreachable'
  | 'platform-timeout'
  /** HTML, a redirect, no token in the answer, too much of it. */
  | 'platform-invalid'
  /** The platform gave more than may be handed out, such as the token of an administrator. */
  | 'dangerous-credential';

export interface BrokerErrorOptions {
  readonly cause?: unknown;
  /** Milliseconds after which the platform said to come back. */
  readonly retryAfter?: number | undefined;
}

/** For the operator's log. Neither message nor cause ever holds a secret or what a platform has answered. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly code: BrokerErrorCode;
  readonly retryAfter: number | undefined;

  constructor(code: BrokerErrorCode, message: string, {cause, retryAfter}: BrokerErrorOptions = {}) {
    super(message, cause === undefined ? undefined : {cause});
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** The one of ours among an error and its causes: libraries wrap what the network function throws. */
export const findBrokerError = (error: unknown): BrokerError | undefined => {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof BrokerError) return at;
  return undefined;
};
