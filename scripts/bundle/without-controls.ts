import type {Plugin} from 'vite';

const NOTHING = '\0no-default-controls';

/**
 * `ol/Map` imports the controls that it shows when it is given none. Ours is always given its own (none: the viewer shell
 * has them, since ol's attribution writes HTML), so they are dead weight that no bundler can see to be dead.
 */
export const withoutControls = (): Plugin => {
  let wasSeen = false;
  return {
    name: 'without-controls',
    apply: 'build',
    enforce: 'pre',
    resolveId(id, importer) {
      return id === './control/defaults.js' && importer && /[\\/]ol[\\/]Map\.js$/.test(importer) ? NOTHING : undefined;
    },
    load(id) {
      if (id !== NOTHING) return undefined;
      wasSeen = true;
      return 'export const defaults = () => [];';
    },
    buildEnd() {
      if (!wasSeen) this.error('ol/Map.js no longer imports its controls in the words that are known here.');
    },
  };
};
