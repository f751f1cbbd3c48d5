import {getIntersection, isEmpty, type Extent} from 'ol/extent.js';
import type Projection from 'ol/proj/Projection.js';
import TileGrid from 'ol/tilegrid/TileGrid.js';
import {isRecord} from '../../credentials/is-record.js';
import {RequestError} from '../../request/request-error.js';
import {projectionOf} from '../layer-options.js';
import {leastTile} from '../service/least-tile.js';
import {numberOf, records, referenceName, type ArcgisService} from './read-service.js';

export interface TiledService {
  readonly projection: Projection;
  readonly tileGrid: TileGrid;
  /** The level of the service for each of the grid. */
  readonly levels: readonly number[];
}

const extentOf = (value: unknown, name: string): Extent | undefined => {
  if (!isRecord(value) || referenceName(value['spatialReference']) !== name) return undefined;
  const edges = ['xmin', 'ymin', 'xmax', 'ymax'].map((edge) => numberOf(value[edge]) ?? Number.NaN);
  return edges.every(Number.isFinite) && !isEmpty(edges) ? edges : undefined;
};

/** What is cached is one picture of all layers; a service that tells of a cache without one draws anew. */
export const isCached = ({document, isImageServer}: ArcgisService): boolean =>
  isRecord(document['tileInfo']) && (isImageServer || document['singleFusedMapCache'] !== false);

/** The tiling of the cache of a service. */
export const tileInfo = async ({document, url}: ArcgisService): Promise<TiledService> => {
  const info = isRecord(document['tileInfo']) ? document['tileInfo'] : {};
  const name = referenceName(info['spatialReference']) ?? referenceName(document['spatialReference']);
  const origin = isRecord(info['origin']) ? [numberOf(info['origin']['x']), numberOf(info['origin']['y'])] : [];
  const lods = records(info['lods'])
    .flatMap((lod) => {
      const [level, resolution] = [numberOf(lod['level']), numberOf(lod['resolution'])];
      return level !== undefined && resolution !== undefined && resolution > 0 ? [{level, resolution}] : [];
    })
    .toSorted((a, b) => b.resolution - a.resolution);
  const [x, y] = origin;
  const [columns, rows] = [numberOf(info['cols']) ?? 0, numberOf(info['rows']) ?? 0];
  if (!name || x === undefined || y === undefined || lods.length === 0 || Math.min(columns, rows) < leastTile)
    throw new RequestError('The service does not say how its map is tiled ("tileInfo" is not complete)', {
      kind: 'format',
      url,
    });
  const projection = await projectionOf(name);
  const full = extentOf(document['fullExtent'], name);
  const world = projection.getExtent();
  const extent = full && world ? getIntersection(full, world) : full;
  return {
    projection,
    tileGrid: new TileGrid({
      origin: [x, y],
      resolutions: lods.map(({resolution}) => resolution),
      tileSize: [columns, rows],
      ...(extent && !isEmpty(extent) ? {extent} : {}),
    }),
    levels: lods.map(({level}) => level),
  };
};
