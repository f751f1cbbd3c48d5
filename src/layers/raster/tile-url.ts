import type {TileCoord} from 'ol/tilecoord.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import {expandUrl, pickUrl, renderXYZTemplate} from 'ol/uri.js';
import {absoluteUrl} from '../layer-options.js';

/** Fills a template. Relative ones are resolved afterwards, since resolving would encode the braces. */
export const tileUrlFromTemplate = (
  template: string,
  baseUrl: string,
  tileGrid: TileGrid,
): ((tileCoord: TileCoord) => string) => {
  const templates = expandUrl(template);
  // Now, and not in the middle of a frame.
  for (const each of templates) absoluteUrl(renderXYZTemplate(each, 0, 0, 0, 0), baseUrl);
  return ([z = 0, x = 0, y = 0]) => {
    const rows = tileGrid.getFullTileRange(z)?.getHeight();
    const path = renderXYZTemplate(pickUrl(templates, z, x, y), z, x, y, rows === undefined ? undefined : rows - 1);
    return new URL(path, baseUrl).href;
  };
};
