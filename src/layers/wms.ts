import type Projection from 'ol/proj/Projection.js';
import {toSize} from 'ol/size.js';
import {getForProjection} from 'ol/tilegrid.js';
import * as v from 'valibot';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {knownProjection} from './layer-options.js';
import {createTileLayer} from './raster/tile-layer.js';
import {url} from './url-fields.js';
import {getMapUrls, type WmsView} from './wms/get-map-url.js';

const names = (message: string) => v.union([v.string(), v.array(v.string())], message);

const schema = layerFields('wms', {
  /** The service; a query that it needs may be in it. */
  url,
  layers: names('must be the name of a layer of the service, or a list of names'),
  styles: v.optional(names('must be the name of a style, or a list with one for each layer')),
  format: v.optional(v.string('must be a media type, like "image/png"')),
  version: v.optional(v.picklist(['1.1.0', '1.1.1', '1.3.0'], 'must be "1.1.0", "1.1.1" or "1.3.0"')),
  /** More parameters for every request. */
  params: v.optional(
    v.record(
      v.string(),
      v.union([v.string(), v.number(), v.boolean()], 'must be a text, a number, true or false'),
      'must be an object with the names and values of parameters',
    ),
  ),
  /** One image for the whole view instead of tiles. */
  single: v.optional(v.boolean('must be true or false')),
  time: v.optional(v.string('must be a text as the service wants it for TIME, like "2024-05-01"')),
});

const joined = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'object' ? value.join(',') : value;

const toView = (
  extent: readonly number[],
  [width = 0, height = 0]: readonly number[],
  projection: Projection,
): WmsView => ({
  extent,
  width,
  height,
  crs: projection.getCode(),
  axes: projection.getAxisOrientation(),
});

/** Maps drawn by an OGC Web Map Service. */
export const wms: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const getMapUrl = getMapUrls(
      {...config, layers: joined(config.layers) ?? '', styles: joined(config.styles)},
      context.baseUrl,
    );
    if (config.single) {
      const {createImageLayer} = await import('./raster/image-layer.js');
      return createImageLayer(config, context, {
        imageUrl: (extent, size, viewProjection) => getMapUrl(toView(extent, size, viewProjection)),
      });
    }
    const projection = knownProjection(context.projection);
    const tileGrid = getForProjection(projection);
    return createTileLayer(config, context, {
      projection,
      tileGrid,
      tileUrl: (tileCoord) =>
        getMapUrl(
          toView(tileGrid.getTileCoordExtent(tileCoord), toSize(tileGrid.getTileSize(tileCoord[0] ?? 0)), projection),
        ),
    });
  },
};
