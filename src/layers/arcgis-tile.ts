import {toSize} from 'ol/size.js';
import {getForProjection} from 'ol/tilegrid.js';
import {aroundService} from './arcgis/around-service.js';
import {exportUrls} from './arcgis/export-url.js';
import {layersField} from './arcgis/layers-field.js';
import {layerIds, readArcgisService} from './arcgis/read-service.js';
import {isCached, tileInfo} from './arcgis/tile-info.js';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {projectionOf} from './layer-options.js';
import {createTileLayer} from './raster/tile-layer.js';
import {limitZoomOut} from './service/coarsest.js';
import {url} from './url-fields.js';

const schema = layerFields('arcgis-tile', {
  /** A MapServer or an ImageServer. */
  url,
  /** What is cached has all layers in it, so that tiles of some of them are drawn anew. */
  layers: layersField,
});

/** Tiles of an ArcGIS MapServer or ImageServer: those of its cache, or such as it draws when it has none. */
export const arcgisTile: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const service = await readArcgisService(config.url, context);
    const layers = layerIds(service, config.layers);
    const around = aroundService(service, context, layers);
    if (!layers && isCached(service)) {
      const {projection, tileGrid, levels} = await tileInfo(service);
      const handle = createTileLayer(config, context, {
        projection,
        tileGrid,
        tileUrl: ([z = 0, column = 0, row = 0]) => service.at(`/tile/${levels[z] ?? z}/${row}/${column}`, {}),
      });
      limitZoomOut(handle, config, context.projection, {projection, tileGrid});
      return {...handle, ...around};
    }
    const projection = await projectionOf(context.projection);
    const tileGrid = getForProjection(projection);
    const urlOf = exportUrls(service, layers);
    return {
      ...createTileLayer(config, context, {
        projection,
        tileGrid,
        tileUrl: (tileCoord) =>
          urlOf(tileGrid.getTileCoordExtent(tileCoord), toSize(tileGrid.getTileSize(tileCoord[0] ?? 0)), projection),
      }),
      ...around,
    };
  },
};
