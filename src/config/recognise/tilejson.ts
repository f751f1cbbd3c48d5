import {refused, shown} from './accepted.js';
import {box} from './box.js';
import type {Recognised} from './source.js';
import {attributionOf, plainText} from './text.js';

type Json = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const viewOf = (document: Json): object => {
  const [lon, lat, zoom] = list(document['center']).map(Number);
  const extent = box(list(document['bounds']));
  const hasCenter = Math.abs(lon ?? NaN) <= 180 && Math.abs(lat ?? NaN) <= 90;
  return {
    ...(hasCenter ? {center: [lon, lat]} : {}),
    ...(hasCenter && Number.isFinite(zoom) ? {zoom} : {}),
    ...(extent ? {extent} : {}),
  };
};

/** As the page itself would write it: a document that was handed over has no address to be read from again. */
const written = (document: Json, tiles: readonly unknown[]): object => {
  const isVector = Array.isArray(document['vector_layers']);
  const url = String(tiles[0]);
  const {minzoom} = document;
  return {
    type: isVector ? 'mvt' : 'xyz',
    url: document['scheme'] === 'tms' ? url.replace('{y}', '{-y}') : url,
    // ol shows a layer above its `minZoom`.
    ...(typeof minzoom === 'number' && minzoom > 0 ? {minZoom: Math.max(0, minzoom - 1)} : {}),
  };
};

/** A TileJSON: one layer of tiles. `url` is where it came from. */
export const recogniseTileJson = (document: Json, url: string | undefined): Recognised | undefined => {
  if (!('tilejson' in document)) return undefined;
  const {tilejson: version, tiles} = document;
  if (typeof version !== 'string' || !/^[123](?:\.|$)/.test(version))
    throw refused(`is a TileJSON of version ${shown(version)}, which is not supported`);
  const templates = list(tiles).filter((each) => typeof each === 'string');
  if (templates.length === 0) throw refused('is a TileJSON without "tiles"');
  const title = plainText(document['name']);
  const attribution = attributionOf(document['attribution']);
  return {
    title,
    view: viewOf(document),
    layers: [
      {
        id: 'tiles',
        ...(url === undefined ? written(document, templates) : {type: 'tilejson', url}),
        ...(title === undefined ? {} : {title}),
        ...(attribution === undefined ? {} : {attribution}),
      },
    ],
  };
};
