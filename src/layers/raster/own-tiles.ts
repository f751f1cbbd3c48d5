import {getHeight, getTopLeft, getWidth} from 'ol/extent.js';
import type Projection from 'ol/proj/Projection.js';
import {extentFromProjection} from 'ol/tilegrid.js';
import TileGrid from 'ol/tilegrid/TileGrid.js';
import type {TileCoord} from 'ol/tilecoord.js';
import {SecureMapError} from '../../credentials/errors.js';
import type {TileGridField} from './tile-grid-field.js';
import {tileUrlFromTemplate} from './tile-url.js';

export interface OwnTiles {
  readonly projection: Projection;
  readonly tileGrid: TileGrid;
  readonly tileUrl: (tileCoord: TileCoord) => string;
}

interface Written {
  readonly url: string;
  readonly tileSize?: number | undefined;
  readonly tileGrid: TileGridField;
}

const mostLevels = 25;

const wrong = (what: string): SecureMapError =>
  new SecureMapError('invalid-layer', `The "tileGrid" of the layer ${what}.`);

/** One that doubles from level to level, or the levels that the config lists. */
const gridOf = ({extent, bounds, origin, ...levels}: TileGridField, tileSize: number, projection: Projection) => {
  const {minLevel = 0, maxLevel = (levels.resolutions?.length ?? mostLevels) - 1} = levels;
  if (levels.resolutions && !origin) throw wrong('has "resolutions", which need an "origin" beside them');
  if (minLevel > maxLevel) throw wrong('has a "minLevel" above its "maxLevel"');
  if (levels.resolutions && maxLevel >= levels.resolutions.length)
    throw wrong('has a "maxLevel" beyond the last of its "resolutions"');
  const whole = extent ?? extentFromProjection(projection);
  const first = Math.max(getWidth(whole), getHeight(whole)) / tileSize;
  const resolutions = levels.resolutions ?? Array.from({length: maxLevel + 1}, (_, level) => first / 2 ** level);
  const limits = bounds ?? extent;
  return new TileGrid({
    origin: origin ?? getTopLeft(whole),
    resolutions: resolutions.slice(0, maxLevel + 1),
    minZoom: minLevel,
    tileSize,
    ...(limits ? {extent: limits} : {}),
  });
};

/** The tiles of a layer that says itself how they lie. */
export const ownTiles = (
  {url, tileSize = 256, tileGrid: written}: Written,
  baseUrl: string,
  projection: Projection,
): OwnTiles => {
  const tileGrid = gridOf(written, tileSize, projection);
  const {names} = written;
  if (!names) return {projection, tileGrid, tileUrl: tileUrlFromTemplate(url, baseUrl, tileGrid)};
  if (names.length <= tileGrid.getMaxZoom()) throw wrong('has fewer "names" than levels');
  const byLevel = names.map((name) => tileUrlFromTemplate(url.replaceAll('{z}', name), baseUrl, tileGrid));
  return {projection, tileGrid, tileUrl: (tileCoord) => byLevel[tileCoord[0] ?? 0]?.(tileCoord) ?? ''};
};
