import type {TileCoord} from 'ol/tilecoord.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import {expandUrl, pickUrl, renderXYZTemplate} from 'ol/uri.js';
import {SecureMapError} from '../../credentials/errors.js';
import {absoluteUrl} from '../layer-options.js';

const mostHosts = 32;

/** `ol` makes a URL for each of a range, however long, and none for one that runs backwards. */
const refuseRanges = (template: string): void => {
  for (const [range, a, z, from, to] of template.matchAll(/\{(?:([a-z])-([a-z])|(\d+)-(\d+))\}/g)) {
    const [first, last] = a && z ? [a.charCodeAt(0), z.charCodeAt(0)] : [Number(from), Number(to)];
    if (!(last >= first && last - first < mostHosts && Number.isSafeInteger(last)))
      throw new SecureMapError(
        'invalid-layer',
        `${range.slice(0, 60)} in the "url" of the layer must be a range of 1 to ${mostHosts} hosts, like {a-c} or {1-4}`,
      );
  }
};

/** Fills a template, `fill` what `ol` does not. Relative ones are resolved afterwards: resolving would encode the braces. */
export const tileUrlFromTemplate = (
  template: string,
  baseUrl: string,
  tileGrid: TileGrid,
  fill?: (template: string, tileCoord: TileCoord) => string,
): ((tileCoord: TileCoord) => string) => {
  refuseRanges(template);
  const templates = expandUrl(template);
  // Now, and not in the middle of a frame.
  for (const each of templates) absoluteUrl(renderXYZTemplate(each, 0, 0, 0, 0), baseUrl);
  return (tileCoord) => {
    const [z = 0, x = 0, y = 0] = tileCoord;
    const picked = pickUrl(templates, z, x, y);
    const rows = tileGrid.getFullTileRange(z)?.getHeight();
    const filled = fill ? fill(picked, tileCoord) : picked;
    const path = renderXYZTemplate(filled, z, x, y, rows === undefined ? undefined : rows - 1);
    return new URL(path, baseUrl).href;
  };
};
