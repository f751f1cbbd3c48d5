import type {Plugin} from 'vite';

const importLine = "import BaseVectorLayer from '../layer/BaseVector.js';\n";
const check = /layerState\.layer instanceof BaseVectorLayer &&\s+layerState\.layer\.getDeclutter\(\)/;

/**
 * The map's renderer imports the base of all vector layers, with styles, expressions and an index of rectangles behind
 * it, to ask each layer one question that it could ask any layer. Asked that way, a fifth of the first load comes only
 * with the first vector layer. Stops the build when ol says it in other words.
 */
export const slimRenderer = (): Plugin => ({
  name: 'slim-renderer',
  apply: 'build',
  transform: {
    filter: {id: /[\\/]ol[\\/]renderer[\\/]Composite\.js$/},
    handler(code) {
      if (!code.includes(importLine) || !check.test(code)) this.error('ol/renderer/Composite.js has changed.');
      return {
        code: code.replace(importLine, '').replace(check, 'layerState.layer.getDeclutter?.()'),
        // Good enough for one line: the rest stays where it was but for the import.
        map: null,
      };
    },
  },
});
