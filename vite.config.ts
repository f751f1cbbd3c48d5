import {defineConfig} from 'vite';

/** The drop-in module and its lazy parts. `dist/index.js` and `dist/define.js` are for bundlers and share the chunks. */
export default defineConfig({
  build: {
    target: 'es2022',
    // Library mode keeps white space unless the bundler itself is told to minify.
    minify: false,
    sourcemap: true,
    copyPublicDir: true,
    modulePreload: false,
    rolldownOptions: {
      input: {
        'secure-map': 'src/define.ts',
        define: 'src/define.ts',
        index: 'src/index.ts',
      },
      preserveEntrySignatures: 'strict',
      output: {
        minify: true,
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
    },
  },
});
