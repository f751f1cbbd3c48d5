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
  readonly tileGrid?: TileGridField | undefined;
}

const usualLevels = 25;
const mostLevels = 41;

const wrong = (what: string): SecureMapError =>
  new SecureMapError('invalid-layer', `The "tileGrid" of the layer ${what}.`);

const isLevel = (level: number): boolean => Number.isInteger(level) && level >= 0 && level < mostLevels;

const check = ({extent, bounds, origin, resolutions, minLevel = 0, maxLevel = minLevel}: TileGridField): void => {
  for (const [name, box] of Object.entries({extent, bounds})) {
    const [minX, minY, maxX, maxY] = box ?? [0, 0, 1, 1];
    if (!(minX < maxX && minY < maxY && box?.every(Number.isFinite) !== false))
      throw wrong(`has as "${name}" no area: [min x, min y, max x, max y] in the units of the projection`);
  }
  if (!isLevel(minLevel) || !isLevel(maxLevel))
    throw wrong(`has a level that is no whole number from 0 to ${mostLevels - 1}`);
  if (minLevel > maxLevel) throw wrong('has a "minLevel" above its "maxLevel"');
  if (!resolutions) return;
  if (!origin) throw wrong('has "resolutions", which need an "origin" beside them');
  const isInOrder = resolutions.every((each, index) => each > 0 && each < (resolutions[index - 1] ?? Infinity));
  if (!isInOrder || resolutions.length === 0 || resolutions.length > mostLevels)
    throw wrong(`has "resolutions" that are not 1 to ${mostLevels} numbers of units per pixel, the largest first`);
  if (maxLevel >= resolutions.length) throw wrong('has a "maxLevel" beyond the last of its "resolutions"');
};

/** One that doubles from level to level, or the levels that the config lists. */
const gridOf = (written: TileGridField, tileSize: number, projection: Projection) => {
  check(written);
  const {extent, bounds, origin, ...levels} = written;
  const {minLevel = 0, maxLevel = (levels.resolutions?.length ?? Math.max(minLevel + 1, usualLevels)) - 1} = levels;
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

/** What `ol` has no placeholders for: `{z+1}`, `{x+1}`, `{y+1}` of services that count from one, and `{bbox}`. */
const others = /\{(?:([zxy])\+1|bbox)\}/g;

const filling =
  (tileGrid: TileGrid) =>
  (template: string, tileCoord: TileCoord): string =>
    template.replace(others, (_, axis?: string) =>
      axis ? String((tileCoord['zxy'.indexOf(axis)] ?? 0) + 1) : tileGrid.getTileCoordExtent(tileCoord).join(),
    );

/** The tiles of a layer that says itself how they lie. */
export const ownTiles = (
  {url, tileSize = 256, tileGrid: written = {}}: Written,
  baseUrl: string,
  projection: Projection,
): OwnTiles => {
  const tileGrid = gridOf(written, tileSize, projection);
  const fill = filling(tileGrid);
  const {names} = written;
  if (!names) return {projection, tileGrid, tileUrl: tileUrlFromTemplate(url, baseUrl, tileGrid, fill)};
  if (names.length <= tileGrid.getMaxZoom()) throw wrong('has fewer "names" than levels');
  const byLevel = names.map((name) => tileUrlFromTemplate(url.replaceAll('{z}', name), baseUrl, tileGrid, fill));
  return {projection, tileGrid, tileUrl: (tileCoord) => byLevel[tileCoord[0] ?? 0]?.(tileCoord) ?? ''};
};
