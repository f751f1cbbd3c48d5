import {readXml} from '../../request/read-xml.js';
import {RequestError} from '../../request/request-error.js';
import {isHtml} from '../../request/service-exception.js';

/** The document that capabilities are. `start` is how the answer begins. */
export const readMarkup = (answer: Response, start: string, url: string): Promise<Document> => {
  if (!isHtml(start)) return readXml(answer, url);
  const message = 'The answer is a web page (HTML), such as the sign-in page of a portal';
  throw new RequestError(message, {kind: 'format', url});
};
