import {fileURLToPath} from 'node:url';
import type {Plugin} from 'vite';
import {applyCut, type Cut} from './cut.js';
import {vectorCuts} from './vector-cuts.js';

const ring = JSON.stringify(fileURLToPath(new URL('ring.js', import.meta.url)));

/**
 * Renderers of ol import whole classes to ask of a thing whether it is one of them. Asked in another way, these come
 * only with the first layer that makes such a thing.
 */
const firstLoadCuts: readonly Cut[] = [
  {
    // The base of all vector layers, with styles, expressions and an index of rectangles: a fifth of the first load.
    file: /[\\/]ol[\\/]renderer[\\/]Composite\.js$/,
    changes: [
      ["import BaseVectorLayer from '../layer/BaseVector.js';\n", ''],
      [
        /layerState\.layer instanceof BaseVectorLayer &&\s+layerState\.layer\.getDeclutter\(\)/,
        'layerState.layer.getDeclutter?.()',
      ],
    ],
  },
  {
    // Geometries, of which the view needs the corners of an extent.
    file: /[\\/]ol[\\/]View\.js$/,
    changes: [["from './geom/Polygon.js'", `from ${ring}`]],
  },
  {
    file: /[\\/]ol[\\/]render[\\/]Box\.js$/,
    changes: [["from '../geom/Polygon.js'", `from ${ring}`]],
  },
  {
    // Reprojection, which most maps need none of.
    file: /[\\/]ol[\\/]renderer[\\/]canvas[\\/]TileLayer\.js$/,
    changes: [
      ["import ImageTile from '../../ImageTile.js';\n", ''],
      ["import ReprojTile from '../../reproj/Tile.js';\n", ''],
      [/tile instanceof ImageTile \|\| tile instanceof ReprojTile/, '!(tile instanceof DataTile) && tile.getImage'],
    ],
  },
];

const cuts = [...firstLoadCuts, ...vectorCuts];

/** Stops the build when ol says it in other words. */
export const slimRenderer = (): Plugin => ({
  name: 'slim-renderer',
  apply: 'build',
  transform: {
    filter: {id: cuts.map(({file}) => file)},
    handler(code, id) {
      const cut = cuts.find(({file}) => file.test(id));
      if (!cut) return undefined;
      const rest = applyCut(code, cut);
      if (rest === undefined) this.error(`${id} has changed.`);
      // Good enough for a few lines: the rest stays where it was but for them.
      return {code: rest, map: null};
    },
  },
});
