import {defineConfig} from 'vite';
import {oneBridgePage} from './scripts/bundle/one-bridge-page.js';
import {slimRenderer} from './scripts/bundle/slim-renderer.js';
import {withoutControls} from './scripts/bundle/without-controls.js';
import {withoutPasswordGrant} from './scripts/bundle/without-password-grant.js';

/** The entries, and what only the login form needs, are no part of the chunk that every page loads. */
const isAlwaysNeeded = (id: string): boolean =>
  !/\/src\/(define|password|sources\/login-form|sources\/login-form\/[\w-]+)\.ts$/.test(id);

/** With all that it imports: one chunk packs better, and comes sooner, than the five that it would be. */
const isForEveryVectorLayer = (id: string): boolean =>
  /\/src\/layers\/(geojson|vector\/(vector-layer|read-geojson))\.ts$/.test(id);

/**
 * The drop-in module: one file that registers the tag, with what only some maps need in `chunks/` beside it. The
 * modules for bundlers, in `dist/modules/`, are made by the compiler and leave `ol` and `lit` to the page's own bundle,
 * since two copies of `ol` on one page give out the same ids.
 */
export default defineConfig({
  // Whatever folder of whatever host it is put in, it loads its parts from beside itself.
  base: './',
  plugins: [slimRenderer(), withoutControls(), withoutPasswordGrant(), oneBridgePage()],
  build: {
    target: 'es2022',
    sourcemap: true,
    // Library mode: no preload helper, which would put `<link>`s into the page that a strict policy may refuse.
    // The login form is a module of its own, which only pages that ask for it load.
    lib: {entry: {'secure-map': 'src/define.ts', password: 'src/password.ts'}, formats: ['es']},
    copyPublicDir: true,
    // Instead of a licence comment per file in the bundle.
    license: {fileName: 'licenses.md'},
    rolldownOptions: {
      output: {
        // Vite's own `minify` leaves the white space of ES modules.
        minify: true,
        // The `@__PURE__` marks are for bundlers, which take `dist/modules/`.
        comments: {legal: false, annotation: false},
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        // All that is always needed in one chunk, which packs better than many. Only the module that asks where it
        // stands is left in the entry, so that nothing else has to be loaded from an address without a hash.
        codeSplitting: {
          groups: [
            {name: 'map', tags: ['$initial'], test: isAlwaysNeeded, priority: 2},
            {name: 'vector', test: isForEveryVectorLayer, priority: 1},
          ],
        },
      },
    },
  },
});
