import {equivalent} from 'ol/proj.js';
import * as v from 'valibot';
import {layerFields} from './common-fields.js';
import type {LayerHandle, LayerKind} from './layer-kind.js';
import {absoluteUrl, projectionOf} from './layer-options.js';
import {createLoads} from './loads.js';
import {findMap} from './ogc-map/find-map.js';
import {mapSystem, mapUrls} from './ogc-map/map-url.js';
import {url} from './url-fields.js';

const schema = layerFields('ogc-map', {
  /** The landing page of the service, or a collection. */
  url,
  /** Needed when the service has maps of several, and none of all of them. */
  collection: v.optional(v.string('must be the id of a collection of the service')),
  /** Asks for the map in tiles of this TileMatrixSet, instead of one picture of the view. */
  tileMatrixSet: v.optional(v.string('must be the id of a TileMatrixSet of the service, like "WebMercatorQuad"')),
  format: v.optional(v.string('must be a media type, like "image/png"')),
  style: v.optional(v.string('must be the id of a style of the service')),
});

/** Maps drawn by an OGC API – Maps. */
export const ogcMap: LayerKind<typeof schema> = {
  schema,
  async create(config, context): Promise<LayerHandle> {
    if (config.tileMatrixSet !== undefined) {
      const {createOgcTiles} = await import('./ogc-tiles.js');
      return createOgcTiles({...config, type: 'ogc-tiles'}, context, 'map');
    }
    const {createImageLayer} = await import('./raster/image-layer.js');
    const map = await createLoads(context).during(context.signal, () =>
      findMap(context, absoluteUrl(config.url, context.baseUrl).href, config),
    );
    const view = await projectionOf(context.projection);
    const system = mapSystem(map, view);
    return {
      ...createImageLayer(config, context, {
        ...(equivalent(system.projection, view) ? {} : {projection: system.projection}),
        imageUrl: mapUrls(map.url, system),
      }),
      isPersonal: true,
      attribution: map.attribution,
    };
  },
};
