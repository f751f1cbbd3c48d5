import {decodeText, readBody} from './read-body.js';
import {RequestError} from './request-error.js';

/** Reports are short. */
const LONGEST = 100_000;

/**
 * The same failure in the words of the service, where its answer has some: OGC API and OWS services say what is wrong
 * with an error status and a report. The body is used up.
 */
export const toldByService = async (error: RequestError, response: Response): Promise<RequestError> => {
  const {url, status, retryAfter} = error;
  try {
    const [{exceptionCode, exceptionText}, chunks] = await Promise.all([
      import('./service-exception.js'),
      readBody(response, url, LONGEST),
    ]);
    const answer = await decodeText(chunks);
    const said = exceptionText(answer);
    if (!said) return error;
    const reason = exceptionCode(answer);
    return new RequestError(`The service answered: ${said}`, {kind: 'ogc', url, status, retryAfter, reason});
  } catch {
    return error;
  }
};
