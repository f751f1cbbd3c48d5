import {redact} from './redact.js';

/** Reports are short; what is beyond is not looked at. */
const longestReport = 16_384;
const longestMessage = 300;

const entities: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"};

const decodeEntity = (whole: string, name: string): string => {
  if (!name.startsWith('#')) return entities[name] ?? whole;
  const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
};

/** Services quote the request that they refuse; its query can hold a token. */
const withoutQueries = (text: string): string =>
  text
    .replace(/\bhttps?:\/\/[^\s"'<>]+/gi, (url) => redact(url))
    .replace(/[?&][^\s"'<>=]+=[^\s"'<>]*/g, '?…')
    .replace(/\bbearer\s+\S+/gi, 'Bearer …');

const plain = (text: string): string => {
  const words = withoutQueries(text).replace(/\s+/g, ' ').trim();
  return words.length > longestMessage ? `${words.slice(0, longestMessage - 1)}…` : words;
};

const plainXml = (xml: string): string =>
  plain(
    xml
      .replace(/<!\[CDATA\[|\]\]>/g, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/&(#?\w{1,8});/g, decodeEntity),
  );

const report = /<(?:[\w.-]+:)?(?:ServiceExceptionReport|ServiceException|ExceptionReport)[\s>]/;
// The first exception of a report, up to the first end tag of either name.
const exception =
  /<(?:[\w.-]+:)?(?:ServiceException|ExceptionText|Exception)(?=[\s>])[^>]*>([\s\S]*?)<\/(?:[\w.-]+:)?(?:ServiceException|ExceptionText|Exception)\s*>/;
const code = /\b(?:exceptionCode|code)\s*=\s*["']([^"']*)["']/;

const fromXml = (xml: string): string | undefined => {
  if (!report.test(xml)) return undefined;
  const content = exception.exec(xml)?.[1] ?? '';
  return plainXml(content) || plain(code.exec(xml)?.[1] ?? '') || '(no reason given)';
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() ? plain(value) : undefined;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/**
 * What a parsed answer says when it is a report of what went wrong, as plain text; otherwise `undefined`. Known are
 * GeoServer's `exceptions`, an OGC API's `code` and `description`, RFC 9457 `title` and `detail`, and ArcGIS' `error`.
 */
export const exceptionInJson = (value: unknown): string | undefined => {
  if (!isRecord(value)) return undefined;
  const [first] = Array.isArray(value['exceptions']) ? (value['exceptions'] as readonly unknown[]) : [];
  if (isRecord(first)) return text(first['text']) ?? text(first['code']) ?? '(no reason given)';
  const error = value['error'];
  if (isRecord(error) && 'code' in error) return text(error['message']) ?? '(no reason given)';
  if ('code' in value && 'description' in value) return text(value['description']) ?? text(value['code']);
  if (typeof value['status'] === 'number' && 'title' in value) return text(value['detail']) ?? text(value['title']);
  return undefined;
};

/**
 * What a service says in an OGC exception report (WMS 1.1.1, 1.3.0, OWS) or one of its JSON relatives, as plain text.
 * `undefined` when the text is no such report. No parser of the browser sees it: `DOMParser` is closed under Trusted
 * Types, and the text is only ever shown as text.
 */
export const exceptionText = (answer: string): string | undefined => {
  const start = answer.slice(0, longestReport).trimStart();
  if (start.startsWith('<')) return fromXml(start);
  if (!start.startsWith('{')) return undefined;
  try {
    return exceptionInJson(JSON.parse(start));
  } catch {
    return undefined;
  }
};

/** A web page instead of data: a sign-in form, a proxy's notice, an error page. */
export const isHtml = (answer: string): boolean =>
  /^(?:\uFEFF|\s|<!--[^>]*-->)*<(?:!doctype\s+html|html|head|body)\b/i.test(answer);
