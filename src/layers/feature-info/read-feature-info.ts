import {isRecord} from '../../credentials/is-record.js';
import {decodeText, readBody} from '../../request/read-body.js';
import {RequestError} from '../../request/request-error.js';
import {exceptionInJson, exceptionText, isHtml} from '../../request/service-exception.js';
import type {IdentifiedFeature} from '../around.js';
import {htmlText} from './html-text.js';

const maxAnswer = 5_000_000;
const longestText = 20_000;
const mostFeatures = 100;

/** From the one that says most in a way that can be shown to the one that says it least well. */
const kinds: readonly RegExp[] = [
  /^application\/(?:geo\+?json|vnd\.geo\+json|json)\b|^application\/geojson/i,
  /^text\/plain\b/i,
  /^text\/html\b/i,
  /gml|xml/i,
];

/** The best of the formats that a service answers in; `undefined` when none of them can be shown. */
export const infoFormat = (formats: readonly string[]): string | undefined => {
  for (const kind of kinds) {
    const found = formats.find((format) => kind.test(format));
    if (found) return found;
  }
  return undefined;
};

const said = (text: string): readonly IdentifiedFeature[] => {
  const words = text.trim().slice(0, longestText);
  return words ? [{properties: {}, text: words}] : [];
};

const fromJson = async (value: unknown, projection: string, url: string): Promise<readonly IdentifiedFeature[]> => {
  const refusal = exceptionInJson(value);
  if (refusal) throw new RequestError(`The service answered: ${refusal}`, {kind: 'ogc', url});
  const {readInfoFeatures} = await import('./info-features.js');
  const features = readInfoFeatures(value, projection);
  if (features) return features.slice(0, mostFeatures);
  return isRecord(value) && Object.keys(value).length > 0 ? [{properties: value}] : [];
};

/** The leaves of the data, each with its name; what belongs to the language itself, such as shapes, is left out. */
const fromXml = async (answer: string, url: string): Promise<readonly IdentifiedFeature[]> => {
  const {parseXml} = await import('../../request/read-xml.js');
  const words: string[] = [];
  for (const element of parseXml(answer, url).querySelectorAll('*')) {
    if (element.namespaceURI?.startsWith('http://www.opengis.net/gml')) continue;
    const value = element.children.length === 0 ? element.textContent.trim() : '';
    if (value) words.push(`${element.localName}: ${value}`);
    // MapServer and ArcGIS have their values in attributes.
    else if (/^fields?$/i.test(element.localName))
      for (const {name, value: each} of element.attributes) words.push(`${name}: ${each}`);
  }
  return said(words.join('\n'));
};

/**
 * What a service answers to the question what is at a place, by content and not by its label. Whatever it is, plain
 * text comes out. Geometries are in `projection`, where the service says what they were in.
 */
export const readFeatureInfo = async (
  response: Response,
  url: string,
  projection: string,
): Promise<readonly IdentifiedFeature[]> => {
  const answer = (await decodeText(await readBody(response, url, maxAnswer))).trimStart();
  const refusal = exceptionText(answer);
  if (refusal) throw new RequestError(`The service answered: ${refusal}`, {kind: 'ogc', url});
  if (/^[{[]/.test(answer)) {
    try {
      return await fromJson(JSON.parse(answer), projection, url);
    } catch (error) {
      if (error instanceof RequestError) throw error;
      throw new RequestError('The answer is not valid JSON', {kind: 'format', url, cause: error});
    }
  }
  if (isHtml(answer) || /^<(?:table|div|p|ul|h[1-6]|b|br|style|script)\b/i.test(answer)) return said(htmlText(answer));
  return answer.startsWith('<') ? fromXml(answer, url) : said(answer);
};
