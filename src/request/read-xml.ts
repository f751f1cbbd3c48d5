import {SaxesParser} from 'saxes';
import {readBody} from './read-body.js';
import {RequestError} from './request-error.js';
import {exceptionText, isHtml} from './service-exception.js';

/** The capabilities of the largest services have 10 MB. */
const maxXmlBytes = 20_000_000;
const maxElements = 1_000_000;
const maxDepth = 200;
const sniffed = 1024;

const failure = (message: string, url: string, options: {cause?: unknown; reason?: string} = {}): RequestError =>
  new RequestError(message, {kind: 'format', url, ...options});

const byteOrderMarks: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Byte order mark, then the label of the transport, then the document's own declaration (RFC 7303 §3). */
const encodingOf = (start: Uint8Array, contentType: string | null): string => {
  const marked = byteOrderMarks.find(([, mark]) => mark.every((byte, i) => start[i] === byte));
  if (marked) return marked[0];
  const labelled = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '');
  const head = new TextDecoder('latin1').decode(start.subarray(0, sniffed));
  const declared = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)/.exec(head);
  return labelled?.[1] ?? declared?.[1] ?? 'utf-8';
};

const decode = async (response: Response, url: string): Promise<string> => {
  const chunks = await readBody(response, url, maxXmlBytes);
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  try {
    return new TextDecoder(encodingOf(bytes, response.headers.get('content-type'))).decode(bytes);
  } catch (cause) {
    throw failure('The XML of the answer is in an encoding that is not known', url, {cause});
  }
};

/** Says why a text is not the XML that was asked for. */
const explain = (answer: string, url: string, cause: unknown): RequestError => {
  const said = exceptionText(answer);
  if (said) return new RequestError(`The service answered: ${said}`, {kind: 'ogc', url});
  if (isHtml(answer.slice(0, sniffed)))
    return failure('The answer is a web page (HTML) where XML was asked for', url, {cause});
  if (answer.trim() === '') return failure('The answer is empty', url);
  // The parser's own message quotes the answer, which is nobody's business; it stays in `cause`.
  return failure('The answer is not valid XML, or it is cut short', url, {cause});
};

/** What a browser would do more with than keep it. */
const activeNamespaces = new Set([
  'http://www.w3.org/1999/xhtml',
  'http://www.w3.org/2000/svg',
  'http://www.w3.org/1998/Math/MathML',
]);

/**
 * Builds the document from the events of a parser in script: `DOMParser` is closed under Trusted Types. Entities of a
 * DTD stay unknown, and so are refused. Nothing in the document is active: no elements of HTML or SVG, no handlers.
 */
const build = (answer: string, url: string): Document => {
  const built = document.implementation.createDocument(null, null);
  const path: Node[] = [built];
  const parser = new SaxesParser({xmlns: true});
  let elements = 0;
  const addText = (text: string): void => {
    if (path.length > 1) path.at(-1)?.appendChild(built.createTextNode(text));
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', ({uri, name, local, attributes}) => {
    elements += 1;
    if (elements > maxElements || path.length > maxDepth)
      throw failure('The XML of the answer has too many elements, or too many in each other', url, {
        reason: 'too-large',
      });
    const element = activeNamespaces.has(uri)
      ? built.createElementNS(null, local)
      : built.createElementNS(uri || null, name);
    for (const attribute of Object.values(attributes))
      // Handlers have small letters only; the `onlineResource` of WFS 1.0.0 is none.
      if (!/^on[a-z]+$/.test(attribute.name))
        element.setAttributeNS(attribute.uri || null, attribute.name, attribute.value);
    path.at(-1)?.appendChild(element);
    path.push(element);
  });
  parser.on('closetag', () => void path.pop());
  parser.write(answer).close();
  return built;
};

/** The document of a text; a `RequestError` when it is something else or the service's report of what went wrong. */
export const parseXml = (answer: string, url: string): Document => {
  let parsed: Document;
  try {
    parsed = build(answer.replace(/^[\s\uFEFF]+/, ''), url);
  } catch (error) {
    throw error instanceof RequestError ? error : explain(answer, url, error);
  }
  if (/^(?:html|ServiceException(?:Report)?|ExceptionReport)$/i.test(parsed.documentElement.localName))
    throw explain(answer, url, undefined);
  return parsed;
};

/** The XML of an answer, as the parsers of ol take it. */
export const readXml = async (response: Response, url: string): Promise<Document> =>
  parseXml(await decode(response, url), url);
