import {isRecord} from '../../credentials/is-record.js';
import {refused, shown} from './accepted.js';
import type {Recognised} from './source.js';
import {plainText} from './text.js';

type Json = Readonly<Record<string, unknown>>;

const viewOf = ({center, zoom, bearing}: Json): object => {
  const [lon, lat] = Array.isArray(center) ? center.map(Number) : [];
  return {
    ...(Math.abs(lon ?? NaN) <= 180 && Math.abs(lat ?? NaN) <= 90 ? {center: [lon, lat]} : {}),
    // Zoom level 0 of a style is one tile of 512 pixels, that of the map one of 256.
    ...(typeof zoom === 'number' && Number.isFinite(zoom) ? {zoom: zoom + 1} : {}),
    // The direction that is up, in degrees; the map has the angle that it is turned by.
    ...(typeof bearing === 'number' && bearing !== 0 ? {rotation: (-bearing * Math.PI) / 180} : {}),
  };
};

/** A MapLibre (or Mapbox) style: one layer that draws all of it. */
export const recogniseStyle = (document: Json, url: string | undefined): Recognised | undefined => {
  const {version, sources, layers} = document;
  // A map configuration has layers too, but no sources. What is cut off may have lost either.
  if (!isRecord(sources)) return undefined;
  if (version !== 8) throw refused(`is a MapLibre style of version ${shown(version)}, which is not supported`);
  if (!Array.isArray(layers) || layers.length === 0) throw refused('is a MapLibre style without "layers"');
  const title = plainText(document['name']);
  return {
    title,
    view: viewOf(document),
    layers: [
      {
        type: 'style',
        id: 'style',
        ...(title === undefined ? {} : {title}),
        ...(url === undefined ? {style: document} : {url}),
      },
    ],
  };
};
