import {RequestError} from '../../request/request-error.js';
import {readXml} from '../../request/read-xml.js';
import type {LayerContext} from '../layer-kind.js';
import {notAmong} from '../service/allowed.js';
import {describe} from '../service/describe.js';
import {withQuery} from '../service/query.js';

export type WfsVersion = '1.0.0' | '1.1.0' | '2.0.0';

export interface WfsDescription {
  readonly version: WfsVersion;
  /** As the service spells it, with its prefix. */
  readonly typeName: string;
  /** The name of the service for GeoJSON, where it offers that. */
  readonly geojson: string | undefined;
  readonly hasPages: boolean;
}

const elements = (within: Document | Element | undefined, name: string): readonly Element[] =>
  within ? [...within.getElementsByTagNameNS('*', name)] : [];

const textOf = (element: Element | undefined): string => element?.textContent.trim() ?? '';

const versionOf = (document: Document, url: string): WfsVersion => {
  const {localName} = document.documentElement;
  const version = document.documentElement.getAttribute('version') ?? '';
  if (localName !== 'WFS_Capabilities')
    throw new RequestError(`This is no Web Feature Service: it answers with a <${localName.slice(0, 40)}>`, {
      kind: 'format',
      url,
    });
  if (version.startsWith('2.0')) return '2.0.0';
  if (version === '1.1.0' || version === '1.0.0') return version;
  throw new RequestError(
    `The service speaks version ${JSON.stringify(version.slice(0, 20))} of WFS. Known are 1.0.0, 1.1.0 and 2.0.0.`,
    {kind: 'format', url},
  );
};

const findType = (document: Document, wanted: string): string => {
  const names = elements(document, 'FeatureType').map((type) => textOf(elements(type, 'Name')[0]));
  const found = names.find((name) => name === wanted) ?? names.find((name) => name.split(':').at(-1) === wanted);
  if (found === undefined) throw notAmong('typeName', wanted, names);
  return found;
};

const getFeature = (document: Document): Element | undefined =>
  elements(document, 'Operation').find((operation) => operation.getAttribute('name') === 'GetFeature')
  // WFS 1.0.0
  ?? elements(document, 'GetFeature')[0];

const formatsOf = (document: Document): readonly string[] => {
  const operation = getFeature(document);
  const parameter = elements(operation, 'Parameter').find((each) => each.getAttribute('name') === 'outputFormat');
  return [
    ...elements(parameter, 'Value').map(textOf),
    ...elements(elements(operation, 'ResultFormat')[0], '*').map(({localName}) => localName),
  ];
};

/** The plain ones before such as "application/json; subtype=topojson". */
const geojsonAmong = (formats: readonly string[]): string | undefined => {
  const known = [/^application\/geo\+json/i, /geojson/i, /^application\/json(?:; ?subtype=geojson)?$/i, /^json$/i];
  return known.flatMap((pattern) => formats.filter((format) => pattern.test(format)))[0];
};

/** What has to be known of a service before it can be asked for features. */
export const describeWfs = async (
  url: string,
  {typeName, version}: {readonly typeName: string; readonly version: WfsVersion | undefined},
  context: LayerContext,
): Promise<WfsDescription> => {
  const at = withQuery(url, {
    SERVICE: 'WFS',
    REQUEST: 'GetCapabilities',
    ...(version ? {VERSION: version} : {ACCEPTVERSIONS: '2.0.0,1.1.0,1.0.0'}),
  });
  const document = await describe(context, at, 'wfs', readXml);
  const paging = elements(document, 'Constraint').find(
    (constraint) => constraint.getAttribute('name') === 'ImplementsResultPaging',
  );
  return {
    version: versionOf(document, at),
    typeName: findType(document, typeName),
    geojson: geojsonAmong(formatsOf(document)),
    hasPages: /^true$/i.test(textOf(elements(paging, 'DefaultValue')[0])),
  };
};
