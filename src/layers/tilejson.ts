import {layerFields} from './common-fields.js';
import type {LayerHandle, LayerKind} from './layer-kind.js';
import {absoluteUrl, knownProjection} from './layer-options.js';
import {limitZoomOut} from './service/coarsest.js';
import {describe} from './service/describe.js';
import {readTileJson, tileJsonGrid, tileJsonUrls} from './tilejson/read-tilejson.js';
import {url} from './url-fields.js';
import {createTileLayer} from './raster/tile-layer.js';

const schema = layerFields('tilejson', {
  /** The document. */
  url,
});

/** Tiles that a TileJSON document describes: pictures or features. */
export const tilejson: LayerKind<typeof schema> = {
  schema,
  async create(config, context): Promise<LayerHandle> {
    const document = await describe(context, absoluteUrl(config.url, context.baseUrl).href, 'tilejson', readTileJson);
    const projection = knownProjection('EPSG:3857');
    const tileUrl = tileJsonUrls(document, context);
    const told = {isPersonal: true, attribution: document.attribution};
    if (document.isVector) {
      const {createMvtLayer} = await import('./vector-tiles/mvt-layer.js');
      const tileGrid = tileJsonGrid({...document, tileSize: 512});
      const handle = await createMvtLayer(config, context, {projection, tileGrid, tileUrl});
      return {...handle, ...told};
    }
    const tileGrid = tileJsonGrid(document);
    const handle = createTileLayer(config, context, {projection, tileGrid, tileUrl});
    limitZoomOut(handle, config, context.projection, {projection, tileGrid});
    return {...handle, ...told};
  },
};
