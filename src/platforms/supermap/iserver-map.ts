import {projectionOf} from '../../layers/projections/projection-of.js';
import {isRecord} from '../../credentials/is-record.js';
import {at, mapPath} from '../address.js';
import {boxOf, numberOf} from '../numbers.js';
import type {PlatformContext, PlatformSettings} from '../platform.js';
import {readObject} from '../read-answer.js';
import {viewOf} from '../view-of.js';
import {unusable} from '../wrong.js';
import {ownScales} from './own-scales.js';

/** `zxyTileImage` draws in any of these for the tiling of the web. Assumed: those in degrees are projected by iServer. */
const forTheWeb = [3857, 900913, 102100, 4326, 4490];

/** CGCS2000 (`4490`) is WGS 84 to within a few centimetres. */
const codeFor = (code: number): string => `EPSG:${code === 4490 ? 4326 : code}`;

/** The tiling of the web, drawn by the server: what iClient for MapLibre asks for. */
const webTiles = (url: string): object => {
  const system = encodeURIComponent('{"epsgCode":3857}');
  return {
    type: 'xyz',
    url: `${url}/zxyTileImage.png?z={z}&x={x}&y={y}&width=256&height=256&transparent=true&prjCoordSys=${system}`,
  };
};

/**
 * A map of an iServer, by the description that it gives of itself at `{map}.json`. In the projections of the web its
 * tiles are those of the web; in others they are those of its own scales, from the top left of its bounds.
 */
export const iserverMap = async ({server, map}: PlatformSettings, context: PlatformContext): Promise<object> => {
  const path = mapPath(map.replace(/\.json$/, ''), '/iserver/services/map-world/rest/maps/World');
  const url = at(server, path);
  const description = await readObject(`${url}.json`, context);
  const {prjCoordSys: system, name} = description;
  const code = numberOf(isRecord(system) ? system['epsgCode'] : undefined);
  if (code === undefined || code <= 0)
    throw unusable('the map has no coordinate system with an EPSG code, so that nobody could say where it lies');
  const projection = await projectionOf(codeFor(code));
  const bounds = boxOf(description['bounds'], ['left', 'bottom', 'right', 'top']);
  const title =
    typeof name === 'string' && name.trim() ? name : decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
  const layer = forTheWeb.includes(code) ? webTiles(url) : ownScales(url, description, {bounds, projection});
  return {title, view: viewOf(bounds, projection), layers: [{...layer, id: 'map', title}]};
};
