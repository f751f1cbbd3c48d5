import {defineConfig} from 'vite';

/**
 * The drop-in module: one file that registers the tag, with what only some maps need in `chunks/` beside it. The
 * modules for bundlers, `dist/index.js` and `dist/define.js`, are made by the compiler and leave `ol` and `lit` to the
 * page's own bundle, since two copies of `ol` on one page give out the same ids.
 */
export default defineConfig({
  // Whatever folder of whatever host it is put in, it loads its parts from beside itself.
  base: './',
  build: {
    target: 'es2022',
    sourcemap: true,
    // Library mode: no preload helper, which would put `<link>`s into the page that a strict policy may refuse.
    lib: {entry: {'secure-map': 'src/define.ts'}, formats: ['es']},
    copyPublicDir: true,
    // Instead of a licence comment per file in the bundle.
    license: {fileName: 'licenses.md'},
    rolldownOptions: {
      output: {
        // Vite's own `minify` leaves the white space of ES modules.
        minify: true,
        comments: {legal: false},
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
    },
  },
});
