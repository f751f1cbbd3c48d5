import {exportUrls} from './arcgis/export-url.js';
import {aroundService} from './arcgis/around-service.js';
import {layersField} from './arcgis/layers-field.js';
import {layerIds, readArcgisService} from './arcgis/read-service.js';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {createImageLayer} from './raster/image-layer.js';
import {url} from './url-fields.js';

const schema = layerFields('arcgis-image', {
  /** A MapServer or an ImageServer. */
  url,
  layers: layersField,
});

/** Pictures that an ArcGIS MapServer or ImageServer draws of the view. */
export const arcgisImage: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const service = await readArcgisService(config.url, context);
    const layers = layerIds(service, config.layers);
    return {
      ...createImageLayer(config, context, {imageUrl: exportUrls(service, layers)}),
      ...aroundService(service, context, layers),
    };
  },
};
