import {stylefunction} from 'ol-mapbox-style';
import VectorLayer from 'ol/layer/Vector.js';
import type {StyleFunction} from 'ol/style/Style.js';
import {isRecord} from '../../credentials/is-record.js';

const ofFeatures = new Set(['fill', 'fill-extrusion', 'line', 'circle', 'symbol']);

/**
 * The look that the layers of a MapLibre style give to features, whatever source the style was made for. Text is in
 * the fonts of the page; images of a sprite are not drawn, for nothing is loaded.
 */
export const maplibreLook = (style: Readonly<Record<string, unknown>>): StyleFunction => {
  const all: readonly unknown[] = Array.isArray(style['layers']) ? style['layers'] : [];
  const layers = all
    .filter((layer) => isRecord(layer) && ofFeatures.has(String(layer['type'])))
    .map((layer) => ({...(layer as object), source: 'features', 'source-layer': undefined}));
  if (layers.length === 0) throw new Error('it has no layer of type fill, line, circle or symbol');
  const own = {version: 8, sources: {features: {type: 'geojson'}}, layers};
  // It keeps its books on a layer; what it answers is good for any.
  return stylefunction(new VectorLayer(), own, 'features', undefined, undefined, undefined, (fonts) => fonts);
};
