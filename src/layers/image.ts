import * as v from 'valibot';
import {SecureMapError} from '../credentials/errors.js';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {absoluteUrl, projectionOf} from './layer-options.js';
import {url} from './url-fields.js';

const message = 'must be [west, south, east, north], with west < east and south < north';
const edge = v.number(message);

const schema = layerFields('image', {
  url,
  /** The edges of the image: longitudes and latitudes, unless `crs` says otherwise. */
  extent: v.tuple([edge, edge, edge, edge], message),
  /** What `extent` is in, and what the rows and columns of the image are straight in. Default: EPSG:4326. */
  crs: v.optional(v.string('must be the code of a projection, like "EPSG:3857"')),
});

/** In the schema it could not be said in a way that JSON Schema knows. */
const checkExtent = ([west, south, east, north]: v.InferOutput<typeof schema>['extent']): void => {
  if (!(west < east && south < north))
    throw new SecureMapError('invalid-layer', `The "extent" of the layer ${message}`);
};

/** One image at one place. */
export const image: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    checkExtent(config.extent);
    const {createImageLayer} = await import('./raster/image-layer.js');
    const {href} = absoluteUrl(config.url, context.baseUrl);
    return createImageLayer(config, context, {
      projection: await projectionOf(config.crs ?? 'EPSG:4326'),
      fixedExtent: [...config.extent],
      imageUrl: () => href,
    });
  },
};
