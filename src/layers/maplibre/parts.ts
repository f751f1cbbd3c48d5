import type VectorLayer from 'ol/layer/Vector.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import {knownProjection} from '../layer-options.js';
import {createTileLayer} from '../raster/tile-layer.js';
import {limitZoomOut} from '../service/coarsest.js';
import {loadMvt} from '../vector-tiles/load-mvt.js';
import {mvtReader} from '../vector-tiles/read-mvt.js';
import {createVectorTileLayer} from '../vector-tiles/vector-tile-layer.js';
import {readGeojson} from '../vector/read-geojson.js';
import {createVectorLayer} from '../vector/vector-layer.js';
import {backgroundLayer} from './background.js';
import {applyLook, layerName} from './look.js';
import {readData, type Source} from './source.js';
import type {Sprite} from './sprite.js';
import type {Json, StyleDocument, StyleLayer} from './style-document.js';

/** Layers of a style that stand after another and are of one source: one layer of the map. */
export interface Part {
  readonly source: string | undefined;
  readonly layers: readonly StyleLayer[];
}

/** What draws a part, and how it gets its look when the icons are there. */
export interface MadePart extends LayerHandle {
  readonly look?: (() => void) | undefined;
}

const shown = new Set(['fill', 'fill-extrusion', 'line', 'circle', 'symbol', 'raster', 'background']);

/** `ref` was the way of the past to say "like that layer, but". */
const withRef = (layer: StyleLayer, all: readonly StyleLayer[]): StyleLayer => {
  const other = all.find(({id}) => id === layer['ref']);
  return other ? {...other, ...layer, type: other.type} : layer;
};

export const partsOf = ({layers}: StyleDocument): readonly Part[] => {
  const parts: {source: string | undefined; layers: StyleLayer[]}[] = [];
  for (const layer of layers.map((each) => withRef(each, layers)).filter(({type}) => shown.has(type))) {
    const last = parts.at(-1);
    const isOwn = layer.type === 'background' || layer.type === 'raster';
    if (last && !isOwn && last.source === layer.source && last.layers[0]?.type !== 'raster') last.layers.push(layer);
    else parts.push({source: layer.source, layers: [layer]});
  }
  return parts;
};

const valueOf = (group: unknown, name: string): unknown => (Object(group) as Json)[name];

/** Levels of MapLibre are of tiles of 512 pixels, those of ol of 256. */
const rasterOptions = (layer: StyleLayer) => {
  const {paint, layout, minzoom, maxzoom} = layer;
  const opacity = valueOf(paint, 'raster-opacity');
  return {
    visible: valueOf(layout, 'visibility') !== 'none',
    ...(typeof opacity === 'number' ? {opacity: Math.min(1, Math.max(0, opacity))} : {}),
    ...(typeof minzoom === 'number' ? {minZoom: minzoom + 1} : {}),
    ...(typeof maxzoom === 'number' ? {maxZoom: maxzoom + 1} : {}),
  };
};

export const makeBackground = ({layers: [layer]}: Part): MadePart | undefined => {
  if (layer?.type !== 'background' || valueOf(layer['layout'], 'visibility') === 'none') return undefined;
  const background = backgroundLayer(layer);
  const nothing = (): void => undefined;
  return {layer: background, retry: nothing, reset: nothing, dispose: () => background.dispose()};
};

export const makePart = async (
  {layers}: Part,
  source: Source,
  style: StyleDocument,
  sprite: Sprite,
  context: LayerContext,
): Promise<MadePart> => {
  const [first] = layers;
  const ids = layers.map(({id}) => id);
  if (source.type === 'geojson') {
    const handle = await createVectorLayer({}, context, {
      url: source.url,
      strategy: 'all',
      async load({request, add, projection, signal}) {
        const data = await readData(source, request);
        add(await readGeojson(data, {url: source.url, projection, signal}));
      },
    });
    const layer = handle.layer as VectorLayer;
    const look = (): void => applyLook(layer, style, ids, sprite);
    look();
    return {...handle, look};
  }
  const {tileGrid, tileUrl} = source;
  const place = {projection: knownProjection('EPSG:3857'), tileGrid, tileUrl};
  if (source.type === 'raster') {
    const options = first ? rasterOptions(first) : {};
    const handle = createTileLayer(options, context, place);
    limitZoomOut(handle, options, context.projection, place);
    return handle;
  }
  const handle = createVectorTileLayer({}, context, {
    ...place,
    load: loadMvt(context, tileUrl, mvtReader(undefined, layerName)),
    declutter: true,
  });
  const look = (): void => applyLook(handle.layer, style, ids, sprite);
  look();
  return {...handle, look};
};
