import {isRecord} from '../../credentials/is-record.js';

/** Of all messages, either way. The other half is `public/bridge.js`. */
export const VERSION = 1;

/** At a time over one port; a bridge refuses more. Twice as many as a map has tiles under way. */
export const mostRequests = 128;
export const longestUrl = 8_192;

/** What the page says. `open` goes to the window, with the port; all else goes over the port. */
export type ToBridge =
  | {readonly type: 'open'; readonly source: 'secure-map'}
  | {
      readonly type: 'get';
      /** Each larger than the one before. */
      readonly id: number;
      readonly url: string;
      /** By names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | {readonly type: 'cancel'; readonly id: number}
  | {readonly type: 'ping'};

export interface Answer {
  readonly type: 'answer';
  readonly id: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * `null`: the connection broke while it was arriving. A `Blob` crosses as what it is called by; its bytes, and twenty
   * times as many decoded, would be copied from process to process.
   */
  readonly body: Blob | null;
}

export interface Ready {
  readonly type: 'ready';
  /** What the operator lets pages ask for, by the whole segments of a path. */
  readonly paths: readonly string[];
  /** What may be on a request. */
  readonly headers: readonly string[];
  /** How it came itself (ALPN, RFC 7301), which pages do not get to see of another origin; empty where nobody knows. */
  readonly protocol: string;
}

/** What the bridge says. */
export type FromBridge =
  | Ready
  | Answer
  /** No answer of the server, or a redirect. */
  | {readonly type: 'failed'; readonly id: number}
  /** Without an `id` it is about all that is and will be asked. */
  | {readonly type: 'refused'; readonly id: number | undefined; readonly reason: string | undefined}
  | {readonly type: 'pong'};

const answerHeaders = ['content-type', 'date', 'dpop-nonce', 'retry-after', 'www-authenticate'];

const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 16_384;
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= 1_000 && value.every(isText);

const isHeaders = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.entries(value).every(([name, text]) => answerHeaders.includes(name) && isText(text));

const readAnswer = ({id, status, headers, body}: Record<string, unknown>): Answer | undefined => {
  if (!isId(id) || typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599)
    return undefined;
  if (!isHeaders(headers) || !(body === null || body instanceof Blob)) return undefined;
  return {type: 'answer', id, status, headers, body};
};

/** `undefined` for what is no message of this version: who sends it is no bridge that we know. */
export const readMessage = (data: unknown): FromBridge | undefined => {
  if (!isRecord(data) || data['v'] !== VERSION) return undefined;
  const {type, id, reason} = data;
  if (type === 'pong') return {type};
  if (type === 'answer') return readAnswer(data);
  if (type === 'failed') return isId(id) ? {type, id} : undefined;
  if (type === 'refused') {
    if (!(id === undefined || isId(id)) || !(reason === undefined || isText(reason))) return undefined;
    return {type, id, reason};
  }
  const {paths, headers, protocol} = data;
  const isReady = type === 'ready' && isTexts(paths) && isTexts(headers) && isText(protocol);
  return isReady ? {type, paths, headers, protocol} : undefined;
};
