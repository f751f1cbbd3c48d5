import {isRecord} from '../credentials/is-record.js';
import {decodeText, readBody} from './read-body.js';
import {RequestError} from './request-error.js';

const tooFar = 1024;

/** How a report of what went wrong may begin; what it says is read only then. */
const mayBeReport = (value: unknown): boolean =>
  isRecord(value) && ['exceptions', 'error', 'errors', 'Errors', 'code', 'status'].some((name) => name in value);

/** Says why a text is not the JSON that was asked for. */
const explain = async (answer: string, url: string, cause: unknown): Promise<RequestError> => {
  const {exceptionText, isHtml} = await import('./service-exception.js');
  const said = exceptionText(answer);
  if (said) return new RequestError(`The service answered: ${said}`, {kind: 'ogc', url});
  if (isHtml(answer.slice(0, tooFar)))
    return new RequestError('The answer is a web page (HTML) where JSON was asked for', {kind: 'format', url});
  const what = answer.trim() === '' ? 'The answer is empty' : 'The answer is not valid JSON';
  // The parser's own message quotes the answer, which is nobody's business; it stays in `cause`.
  return new RequestError(what, {kind: 'format', url, cause});
};

/** The JSON of an answer; a `RequestError` when it is something else or the service's report of what went wrong. */
export const readJson = async (response: Response, url: string): Promise<unknown> => {
  const answer = await decodeText(await readBody(response, url));
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch (error) {
    throw await explain(answer, url, error);
  }
  if (!mayBeReport(value)) return value;
  const {exceptionInJson} = await import('./service-exception.js');
  const said = exceptionInJson(value);
  if (said) throw new RequestError(`The service answered: ${said}`, {kind: 'ogc', url});
  return value;
};
