import {createXYZ} from 'ol/tilegrid.js';
import * as v from 'valibot';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {knownProjection} from './layer-options.js';
import {createTileLayer} from './raster/tile-layer.js';
import {tileUrlFromTemplate} from './raster/tile-url.js';

const template = 'https://tile.openstreetmap.org/{z}/{x}/{y}.png';
const attribution = '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors';

const schema = v.object({
  ...layerFields('osm', {}).entries,
  /** The map of everybody: no visitor's credential is for it, whatever the page has. */
  credential: v.optional(v.literal('none', 'must be "none": OpenStreetMap takes no credential'), 'none'),
});

/** The public map of OpenStreetMap, as its tile usage policy wants it: with attribution, and up to zoom level 19. */
export const osm: LayerKind<typeof schema> = {
  schema,
  create(config, context) {
    const tileGrid = createXYZ({maxZoom: 19});
    return createTileLayer({...config, attribution: config.attribution ?? attribution}, context, {
      projection: knownProjection('EPSG:3857'),
      tileGrid,
      tileUrl: tileUrlFromTemplate(template, context.baseUrl, tileGrid),
    });
  },
};
