import * as v from 'valibot';
import {RequestError} from '../request/request-error.js';
import {SecureMapError} from '../credentials/errors.js';
import {advertisedUrl} from './advertised.js';
import {layerFields} from './common-fields.js';
import type {LayerContext, LayerHandle, LayerKind} from './layer-kind.js';
import {absoluteUrl} from './layer-options.js';
import {createLoads} from './loads.js';
import {findTileset, isVectorType, matrixSetName, readDocument, type Tileset} from './ogc-tiles/find-tileset.js';
import {linkTo} from './ogc-tiles/links.js';
import {
  matrixGrid,
  readLimits,
  readTileMatrixSet,
  wellKnownTileMatrixSet,
  type MatrixGrid,
} from './ogc-tiles/tile-matrix-set.js';
import {tileTemplate} from './ogc-tiles/tile-template.js';
import {limitZoomOut} from './service/coarsest.js';
import {url} from './url-fields.js';
import {flatStyle} from './vector/flat-style.js';
import {createTileLayer} from './raster/tile-layer.js';

const schema = layerFields('ogc-tiles', {
  /** The landing page of the service, a collection, a list of tilesets, or a tileset. */
  url,
  collection: v.optional(v.string('must be the id of a collection of the service')),
  tileMatrixSet: v.optional(v.string('must be the id of a TileMatrixSet of the service, like "WebMercatorQuad"')),
  format: v.optional(v.string('must be a media type, like "image/png", or one of mvt, png, jpeg, webp')),
  style: v.optional(
    v.union(
      [v.string(), flatStyle],
      'must be the id of a style of the service for tiles that are pictures, or a style for features',
    ),
  ),
});

type Config = v.InferOutput<typeof schema>;

const usable = async <T>(tileset: Tileset, task: () => Promise<T> | T): Promise<T> => {
  try {
    return await task();
  } catch (cause) {
    if (cause instanceof SecureMapError) throw cause;
    const why = cause instanceof Error ? cause.message : 'The tiles of the service cannot be used';
    throw new RequestError(why, {kind: 'format', url: tileset.url, cause});
  }
};

const gridOf = async (context: LayerContext, tileset: Tileset): Promise<MatrixGrid> => {
  const {document} = tileset;
  const link = linkTo(document, 'tiling-scheme')?.href;
  const known = wellKnownTileMatrixSet(matrixSetName(document) ?? '');
  const told: unknown =
    document['tileMatrixSet']
    ?? known
    ?? (link && (await readDocument(context, advertisedUrl(link, tileset.url, context))).document);
  return usable(tileset, () => matrixGrid(readTileMatrixSet(told), readLimits(document['tileMatrixSetLimits'])));
};

const dataTypeOf = ({format, style}: Config): 'map' | 'vector' | undefined => {
  if (format !== undefined) return isVectorType(format) ? 'vector' : 'map';
  return typeof style === 'string' ? 'map' : undefined;
};

/** A layer of the tiles of a service: pictures or features, or what the config leaves open. */
export const createOgcTiles = async (
  config: Config,
  context: LayerContext,
  dataType: 'map' | 'vector' | undefined,
): Promise<LayerHandle> => {
  const {collection, tileMatrixSet, format, style} = config;
  const {tileset, grid, urlOf} = await createLoads(context).during(context.signal, async () => {
    const found = await findTileset(context, absoluteUrl(config.url, context.baseUrl).href, {
      collection,
      tileMatrixSet,
      dataType,
      mapStyle: typeof style === 'string' ? style : undefined,
    });
    const names = {tilematrixsetid: matrixSetName(found.document), collectionid: collection};
    const template = tileTemplate(found, names, format, context);
    return {tileset: found, grid: await gridOf(context, found), urlOf: template};
  });
  const {projection, tileGrid, placeOf} = grid;
  const options = {
    projection,
    tileGrid,
    tileUrl: (tileCoord: Parameters<typeof placeOf>[0]): string => urlOf(placeOf(tileCoord)),
  };
  const told = {isPersonal: true, attribution: tileset.attribution};
  if (tileset.dataType === 'map') {
    const handle = createTileLayer(config, context, options);
    limitZoomOut(handle, config, context.projection, grid);
    return {...handle, ...told};
  }
  const {createMvtLayer} = await import('./vector-tiles/mvt-layer.js');
  return {
    ...(await createMvtLayer(
      {...config, layers: undefined, style: typeof style === 'string' ? undefined : style},
      context,
      options,
    )),
    ...told,
  };
};

/** Tiles of an OGC API – Tiles: features (MVT) or pictures, in the tiling that the service says. */
export const ogcTiles: LayerKind<typeof schema> = {
  schema,
  create: (config, context) => createOgcTiles(config, context, dataTypeOf(config)),
};
