import type {Plugin} from 'vite';

interface Cut {
  /** The file in `ol`. */
  readonly file: RegExp;
  readonly imports: readonly string[];
  readonly check: RegExp;
  /** The same question, asked of what a thing can do instead of what it is made by. */
  readonly asked: string;
}

/**
 * Renderers of ol import whole classes to ask of a thing whether it is one of them. Asked in another way, these come
 * only with the first layer that makes such a thing.
 */
const cuts: readonly Cut[] = [
  {
    // The base of all vector layers, with styles, expressions and an index of rectangles: a fifth of the first load.
    file: /[\\/]ol[\\/]renderer[\\/]Composite\.js$/,
    imports: ["import BaseVectorLayer from '../layer/BaseVector.js';\n"],
    check: /layerState\.layer instanceof BaseVectorLayer &&\s+layerState\.layer\.getDeclutter\(\)/,
    asked: 'layerState.layer.getDeclutter?.()',
  },
  {
    // Reprojection, which most maps need none of.
    file: /[\\/]ol[\\/]renderer[\\/]canvas[\\/]TileLayer\.js$/,
    imports: ["import ImageTile from '../../ImageTile.js';\n", "import ReprojTile from '../../reproj/Tile.js';\n"],
    check: /tile instanceof ImageTile \|\| tile instanceof ReprojTile/,
    asked: '!(tile instanceof DataTile) && tile.getImage',
  },
];

/** Stops the build when ol says it in other words. */
export const slimRenderer = (): Plugin => ({
  name: 'slim-renderer',
  apply: 'build',
  transform: {
    filter: {id: cuts.map(({file}) => file)},
    handler(code, id) {
      const cut = cuts.find(({file}) => file.test(id));
      if (!cut) return undefined;
      const {imports, check, asked} = cut;
      if (!check.test(code) || !imports.every((line) => code.includes(line))) this.error(`${id} has changed.`);
      const rest = imports.reduce((text, line) => text.replace(line, ''), code);
      // Good enough for a few lines: the rest stays where it was but for the imports.
      return {code: rest.replace(check, asked), map: null};
    },
  },
});
