import {RequestError} from './request-error.js';
import {exceptionText, isHtml} from './service-exception.js';

const begins = (bytes: Uint8Array, ...start: readonly number[]): boolean => start.every((byte, i) => bytes[i] === byte);

/**
 * Says what came instead of something binary, where that can be told by how it begins; `undefined` where it cannot.
 * `wanted` is what was asked for, with its article.
 */
export const explainBytes = (bytes: Uint8Array, wanted: string, url: string): RequestError | undefined => {
  const came = (what: string): RequestError =>
    new RequestError(`The answer is ${what} where ${wanted} was asked for`, {kind: 'format', url});
  if (begins(bytes, 0x1f, 0x8b)) return came('compressed (gzip, without a Content-Encoding that says so)');
  if (begins(bytes, 0x89, 0x50, 0x4e, 0x47) || begins(bytes, 0xff, 0xd8, 0xff) || begins(bytes, 0x52, 0x49, 0x46, 0x46))
    return came('an image');
  const text = new TextDecoder().decode(bytes.subarray(0, 16_384)).trimStart();
  if (!/^[<{[]/.test(text)) return undefined;
  const said = exceptionText(text);
  if (said) return new RequestError(`The service answered: ${said}`, {kind: 'ogc', url});
  if (isHtml(text)) return came('a web page (HTML)');
  return came(text.startsWith('<') ? 'XML' : 'JSON');
};
