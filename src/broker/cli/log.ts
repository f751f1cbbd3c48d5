import {BrokerError, findBrokerError} from '../broker-error.js';

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One JSON object per line, for whatever collects the standard output. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LogOptions {
  readonly write: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export const createLog = ({write, now}: LogOptions): Log => {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      write(`${JSON.stringify({time: new Date(now()).toISOString(), level, message, ...fields})}\n`);
    };
  return {info: at('info'), warn: at('warn'), error: at('error')};
};

const codesOf = (error: unknown): string[] => {
  const codes: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code);
  }
  return codes;
};

/**
 * What of an error may be written down. The broker's own errors are made for the log; the words of others may quote
 * anything, so that only their names and codes are kept.
 */
export const describeError = (error: unknown): LogFields => {
  const own = findBrokerError(error);
  if (own instanceof BrokerError) return {code: own.code, reason: own.message};
  const [code] = codesOf(error);
  return {code: code ?? 'unexpected', reason: error instanceof Error ? error.name : 'no error object'};
};
