import * as v from 'valibot';
import {isRecord} from '../credentials/is-record.js';
import {at, mapPath} from './address.js';
import type {Platform} from './platform.js';
import {readTiling, type Tiling} from './spectrum/description.js';
import {readObject} from './read-answer.js';
import {viewOf} from './view-of.js';
import {invalid, unusable} from './wrong.js';

const services = 'must be "tiling" or "mapping"';
const formats = ['png', 'jpg', 'jpeg', 'gif', 'mvt'] as const;
const formatMessage = `must be one of ${formats.join(', ')}`;

const options = v.strictObject({
  /** `tiling`: the named tiles of the Map Tiling Service; `mapping`: images of a named map of the Mapping Service. */
  service: v.optional(v.picklist(['tiling', 'mapping'], services), 'tiling'),
  /** Of the tiles; by default `png`, or what the map has. `mvt` with `tiling` only. */
  format: v.optional(v.picklist(formats, formatMessage)),
});

/** Larger ones than tiles, since each cuts the labels at its edges. */
const imageSize = 512;

/** Ways to write the same format. */
const like: Readonly<Record<string, readonly string[]>> = {jpg: ['jpg', 'jpeg'], jpeg: ['jpeg', 'jpg']};

/** The format to ask for: the one that is wanted, when the map has it. `undefined` types: the map does not say. */
const chooseFormat = (wanted: string | undefined, types: readonly string[] | undefined): string => {
  const offered = formats.filter((format) => (like[format] ?? [format]).some((name) => types?.includes(name)));
  if (!types || types.length === 0) return wanted ?? 'png';
  if (wanted === undefined) {
    const [first] = offered;
    if (first === undefined) throw unusable(`the map has tiles as ${types.join(', ')} only, which cannot be shown`);
    return first;
  }
  if (offered.some((format) => format === wanted)) return wanted;
  throw invalid('platform-options.format', `the map has no tiles as ${wanted}. Allowed: ${offered.join(', ')}`);
};

const tileLayer = (url: string, tiling: Tiling, wanted: string | undefined): object => {
  const format = chooseFormat(wanted, tiling.types);
  const {projection, minLevel, maxLevel, extent, bounds, tileSize} = tiling;
  const common = {
    // Rows and columns are counted from 1, and so are the levels.
    url: `${url}/{z+1}/{x+1}:{y+1}/tile.${format}`,
    tileGrid: {minLevel, maxLevel, ...(extent ? {extent} : {}), ...(bounds ? {bounds} : {})},
  };
  if (format !== 'mvt') return {...common, type: 'xyz', projection: projection.getCode(), tileSize};
  if (projection.getCode() !== 'EPSG:3857')
    throw unusable(`its vector tiles are in ${projection.getCode()}, and can be shown in EPSG:3857 only`);
  return {...common, type: 'mvt'};
};

/** The named map as pictures, each drawn when it is asked for. Its parameters are parts of the path, by semicolons. */
const imageLayer = (url: string, wanted: string | undefined): object => {
  if (wanted === 'mvt') throw invalid('platform-options.format', 'the Mapping Service has pictures only, and no mvt');
  return {
    type: 'xyz',
    url: `${url}/image.${wanted ?? 'png'};w=${imageSize};h=${imageSize};b={bbox},epsg:3857`,
    tileSize: imageSize,
  };
};

/**
 * Precisely Spectrum: named tiles (Map Tiling Service) or named maps (Mapping Service) of its repository. `map` is the
 * path there.
 */
export const spectrum: Platform<typeof options> = {
  needs: ['server', 'map'],
  options,
  async layers({server, map, options: {service, format}}, context) {
    const path = mapPath(map, '/Samples/NamedTiles/WorldTile');
    const title = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
    if (service === 'mapping') {
      const url = at(server, `/rest/Spatial/MappingService/maps${path}`);
      return {title, layers: [{...imageLayer(url, format), id: 'map', title}]};
    }
    const url = at(server, `/rest/Spatial/MapTilingService${path}`);
    const {Response: description} = await readObject(`${url}/description.json`, context);
    if (!isRecord(description)) throw unusable('the description of the map has no "Response"');
    const tiling = await readTiling(description);
    const layer = tileLayer(url, tiling, format);
    return {
      title,
      view: viewOf(tiling.bounds ?? tiling.extent, tiling.projection),
      layers: [{...layer, id: 'map', title}],
    };
  },
};
