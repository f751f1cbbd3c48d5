import {isRecord} from '../../credentials/is-record.js';

/** `public/callback.js` says the same in plain JavaScript: both ends have to change together. */
export interface CallbackMessage {
  readonly source: 'secure-map';
  readonly v: 1;
  /** The query that the provider sent the visitor back with, as it was. */
  readonly params: string;
}

export const channelName = (state: string): string => `secure-map.callback.${state}`;

export const createMessage = (params: URLSearchParams): CallbackMessage => ({
  source: 'secure-map',
  v: 1,
  params: params.toString(),
});

/** Any page may send anything: what is not a message of the return page is nobody's mistake and is ignored. */
export const readMessage = (data: unknown): URLSearchParams | undefined =>
  isRecord(data) && data['source'] === 'secure-map' && data['v'] === 1 && typeof data['params'] === 'string'
    ? new URLSearchParams(data['params'])
    : undefined;

/** RFC 6749 §3.1: a parameter must not be there twice, so two of them say nothing. */
export const only = (params: URLSearchParams, name: string): string | undefined => {
  const values = params.getAll(name);
  return values.length === 1 ? values[0] : undefined;
};
