import {TileType, type Header} from 'pmtiles';
import {getIntersection, isEmpty} from 'ol/extent.js';
import {transformExtent} from 'ol/proj.js';
import {createXYZ, extentFromProjection} from 'ol/tilegrid.js';
import TileGrid from 'ol/tilegrid/TileGrid.js';
import * as v from 'valibot';
import {isRecord} from '../credentials/is-record.js';
import {readImage} from '../request/read-image.js';
import {readRange} from '../request/read-range.js';
import {layerFields} from './common-fields.js';
import type {LayerHandle, LayerKind} from './layer-kind.js';
import {absoluteUrl, knownProjection} from './layer-options.js';
import {createLoads} from './loads.js';
import {Archive} from './pmtiles/archive.js';
import {url} from './url-fields.js';
import type {MvtPlace} from './vector-tiles/mvt-layer.js';
import {flatStyle} from './vector/flat-style.js';
import {createTileLayer} from './raster/tile-layer.js';

const names = 'must be a list of the names of layers in the tiles';

const schema = layerFields('pmtiles', {
  /** The archive. Its server has to support range requests. */
  url,
  /** For vector tiles: those of their layers that are shown; all of them when it is left out. */
  layers: v.optional(v.array(v.string(names), names)),
  /** For vector tiles. */
  style: v.optional(flatStyle),
});

/** As far to the poles as the projection goes. */
const mostNorth = 85.06;

/** Where no tile is, none is asked for. */
const gridOf = ({tileType, minZoom, maxZoom, minLon, minLat, maxLon, maxLat}: Header): TileGrid => {
  const projection = knownProjection('EPSG:3857');
  const world = extentFromProjection(projection);
  const whole = createXYZ({extent: world, maxZoom, tileSize: tileType === TileType.Mvt ? 512 : 256});
  const [south, north] = [Math.max(minLat, -mostNorth), Math.min(maxLat, mostNorth)];
  const bounds = getIntersection(transformExtent([minLon, south, maxLon, north], 'EPSG:4326', projection), world);
  return new TileGrid({
    origin: whole.getOrigin(0),
    resolutions: whole.getResolutions(),
    tileSize: whole.getTileSize(0),
    minZoom,
    // An archive that does not say where it is has zeros there.
    extent: isEmpty(bounds) ? world : bounds,
  });
};

/** The tiles of a PMTiles archive, features (MVT) or pictures, read in parts. */
export const pmtiles: LayerKind<typeof schema> = {
  schema,
  async create(config, context): Promise<LayerHandle> {
    const {href} = absoluteUrl(config.url, context.baseUrl);
    const {request, inTurn, signal: wanted} = context;
    const {archive, attribution} = await createLoads(context).during(wanted, async () => {
      const opened = await Archive.open(
        href,
        request,
        (from, part, signal) => inTurn(from, signal, () => readRange(request, from, part, signal)),
        wanted,
      );
      const metadata = config.attribution === undefined ? await opened.metadata(request, wanted) : undefined;
      const said = isRecord(metadata) ? metadata['attribution'] : undefined;
      return {archive: opened, attribution: typeof said === 'string' ? said : undefined};
    });
    const {header} = archive;
    const place = {projection: knownProjection('EPSG:3857'), tileGrid: gridOf(header), tileUrl: () => href};
    const told = {isPersonal: true, attribution};
    if (header.tileType === TileType.Mvt) {
      const {createMvtLayer} = await import('./vector-tiles/mvt-layer.js');
      const load: MvtPlace['load'] = async (at, signal, read) => {
        const bytes = await archive.tile(at.tileCoord, signal);
        return bytes ? read(bytes, at, href) : [];
      };
      return {...(await createMvtLayer(config, context, {...place, load})), ...told};
    }
    const {emptyImage} = await import('./raster/empty-image.js');
    const load = async (tileCoord: readonly number[], signal: AbortSignal) => {
      const bytes = await archive.tile(tileCoord, signal);
      return bytes ? readImage(new Response(bytes), href, signal) : emptyImage();
    };
    // Far below the first level a view would want all its tiles at once.
    const minZoom = config.minZoom ?? Math.max(0, header.minZoom - 1);
    return {...createTileLayer({...config, minZoom}, context, {...place, load}), ...told};
  },
};
