import {isRecord} from '../../credentials/is-record.js';
import {refused, shown} from './accepted.js';
import type {Recognised, Source} from './source.js';

const recogniseXml = async (root: Element, url: string): Promise<Recognised> => {
  const readers = await Promise.all([
    import('./wms.js').then(({recogniseWms}) => recogniseWms),
    import('./wmts.js').then(({recogniseWmts}) => recogniseWmts),
  ]);
  for (const read of readers) {
    const found = await read(root, url);
    if (found) return found;
  }
  throw refused(`is XML that is none of these: its root element is ${shown(root.localName)}`);
};

/**
 * A document that others publish, recognised by what is in it. `undefined` for what is a map configuration, or meant as
 * one. Throws a `SecureMapError` for one that is recognised and cannot be used.
 */
export const recognise = async (document: unknown, source: Source | undefined): Promise<Recognised | undefined> => {
  if (document instanceof Document) return recogniseXml(document.documentElement, source?.url ?? document.baseURI);
  if (!isRecord(document)) throw refused('must be a JSON object with "layers"');
  const {recogniseStyle} = await import('./maplibre-style.js');
  const {recogniseTileJson} = await import('./tilejson.js');
  const found = recogniseStyle(document, source?.url) ?? recogniseTileJson(document, source?.url);
  if (found) return found;
  const {recogniseOgcApi} = await import('./ogc-api.js');
  return recogniseOgcApi(document, source);
};
