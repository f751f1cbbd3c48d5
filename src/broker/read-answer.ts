import {isRecord} from '../credentials/is-record.js';
import {BrokerError} from './broker-error.js';
import {isHtml} from './media-type.js';

/** What a platform answers when it does not like the account. */
export const refusedByPlatform = (status: number, word = ''): BrokerError =>
  new BrokerError('platform-refused', `The platform refused the account (status ${status}${word && `, ${word}`}).`);

/** The text of a success. Never quoted in an error: it is a credential, or the page of somebody else. */
export const readText = async (response: Response): Promise<string> => {
  if (!response.ok) throw refusedByPlatform(response.status);
  const text = await response.text();
  if (isHtml(response) || text.trimStart().startsWith('<')) {
    throw new BrokerError('platform-invalid', 'The platform answered with a page (HTML) in place of a credential.');
  }
  return text.trim();
};

/** The JSON object of a success. */
export const readRecord = async (response: Response): Promise<Readonly<Record<string, unknown>>> => {
  const text = await readText(response);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new BrokerError('platform-invalid', 'The answer of the platform is not JSON.');
  }
  if (!isRecord(answer)) throw new BrokerError('platform-invalid', 'The answer of the platform is not a JSON object.');
  return answer;
};

/** A value that may stand in a header as it is: visible ASCII without the separators of cookies. */
export const readToken = (answer: Readonly<Record<string, unknown>>, field: string): string => {
  const value = answer[field];
  if (typeof value !== 'string' || !/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/.test(value)) {
    throw new BrokerError('platform-invalid', `The answer of the platform has no "${field}" that can be sent.`);
  }
  return value;
};
