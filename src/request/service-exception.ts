import {isRecord} from '../credentials/is-record.js';
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

// A word in front of a value that nobody may see, as in "Invalid token: abc". Between them are a few other signs.
const named = /(token|bearer|dpop|mac|key)(\W{1,6})(\S{8,})/gi;
const ordinaryWord = /^[A-Za-z][a-z]{1,15}[.,;:!]?$/;

/** Services quote what they refuse: the token itself, whole or in part. */
const withoutSecrets = (text: string): string =>
  text
    .replace(/\bbearer\s+\S+/gi, 'Bearer …')
    .replace(/eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*/g, '…')
    .replace(named, (whole, word: string, gap: string, value: string) =>
      // "Token Required" tells no secret.
      gap.trim() === '' && ordinaryWord.test(value) ? whole : `${word}${gap}…`,
    );

const withoutLongValues = (text: string, values: RegExp): string =>
  text.replace(values, (value) => (/\d/.test(value) ? '…' : value));

/** The host is no secret; a part of the path can be one. */
const cleanUrl = (url: string): string => {
  const shown = redact(url);
  const path = shown.indexOf('/', 'https://'.length);
  if (path < 0) return shown;
  return shown.slice(0, path) + withoutLongValues(withoutSecrets(shown.slice(path)), /[\w.~+%=-]{24,}/g);
};

/** The query of a request that a service quotes can hold a token. */
const cleanText = (text: string): string =>
  withoutLongValues(withoutSecrets(text.replace(/[?&][^\s"'<>=?&]+=[^\s"'<>]*/g, '?…')), /[\w.~+/-]{24,}/g);

const withoutSecretsOrQueries = (text: string): string =>
  text
    .split(/(\bhttps?:\/\/[^\s"'<>]+)/i)
    .map((part, index) => (index % 2 === 1 ? cleanUrl(part) : cleanText(part)))
    .join('');

const plain = (text: string): string => {
  const words = withoutSecretsOrQueries(text.slice(0, longestReport)).replace(/\s+/g, ' ').trim();
  return words.length > longestMessage ? `${words.slice(0, longestMessage - 1)}…` : words;
};

const plainXml = (xml: string): string =>
  plain(
    xml
      .replace(/<!\[CDATA\[|\]\]>/g, '')
      .replace(/<[^<>]*>/g, ' ')
      .replace(/&(#?\w{1,8});/g, decodeEntity),
  );

const report = /<(?:[\w.-]+:)?(?:ServiceExceptionReport|ServiceException|ExceptionReport)[\s>]/;
// The first exception of a report, up to the first end tag of any of the names. In two steps: as one expression it would
// look for the end tag anew from every start tag.
const startTag = /<(?:[\w.-]+:)?(?:ServiceException|ExceptionText|Exception)(?=[\s>])[^<>]*>/;
const endTag = /<\/(?:[\w.-]+:)?(?:ServiceException|ExceptionText|Exception)\s*>/;
const code = /\b(?:exceptionCode|code)\s*=\s*["']([^"']*)["']/;

const fromXml = (xml: string): string | undefined => {
  if (!report.test(xml)) return undefined;
  const start = startTag.exec(xml);
  const rest = start ? xml.slice(start.index + start[0].length) : '';
  const content = rest.slice(0, Math.max(0, rest.search(endTag)));
  return plainXml(content) || plain(code.exec(xml)?.[1] ?? '') || '(no reason given)';
};

/** The code of the first exception of a report, such as `InvalidCRS`; `undefined` when it has none. */
export const exceptionCode = (answer: string): string | undefined => {
  const [start = ''] = startTag.exec(answer.slice(0, longestReport)) ?? [];
  return /^\w{1,40}$/.exec(code.exec(start)?.[1] ?? '')?.[0];
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() ? plain(value) : undefined;

/** A list of what went wrong, of which the first is told. */
const firstOf = (errors: unknown): string | undefined => {
  const [first] = Array.isArray(errors) ? (errors as readonly unknown[]) : [];
  if (!isRecord(first)) return text(first);
  // Some services write their names with capitals.
  const fields = new Map(Object.entries(first).map(([name, value]) => [name.toLowerCase(), value]));
  return ['errordescription', 'description', 'message'].map((name) => text(fields.get(name))).find(Boolean);
};

/**
 * What a parsed answer says when it is a report of what went wrong, as plain text; otherwise `undefined`. Known are
 * GeoServer's `exceptions`, an OGC API's `code` and `description`, RFC 9457 `title` and `detail`, the `error` of ArcGIS
 * and of SuperMap iServer, and `errors` as a list.
 */
export const exceptionInJson = (value: unknown): string | undefined => {
  if (!isRecord(value)) return undefined;
  const [first] = Array.isArray(value['exceptions']) ? (value['exceptions'] as readonly unknown[]) : [];
  if (isRecord(first)) return text(first['text']) ?? text(first['code']) ?? '(no reason given)';
  const error = value['error'];
  if (isRecord(error) && 'code' in error)
    return text(error['message']) ?? text(error['errorMsg']) ?? '(no reason given)';
  const told = firstOf(value['errors'] ?? value['Errors']);
  if (told) return told;
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
export const isHtml = (answer: string): boolean => {
  // Step by step, since one expression for all of it can take for ever. `\s` has the byte order mark.
  const skipped = /\s+|<!--[^]*?-->/y;
  const page = /<(?:!doctype\s+html|html|head|body)\b/iy;
  while (skipped.test(answer)) page.lastIndex = skipped.lastIndex;
  return page.test(answer);
};
