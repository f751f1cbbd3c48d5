import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Built {
  readonly dist: string;
  readonly pages: string;
  readonly modules: string;
}

const entries = ['bare', 'tag', 'maplibre', 'eox-map', 'load-bare', 'load-tag'];

const buildPages = (outDir: string): Promise<unknown> =>
  build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: entries.map((name) => join(ROOT, `scripts/bench/page/${name}.ts`)),
        output: {minify: true, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js'},
      },
    },
  });

/** In folders of its own: whatever is measured must not be rebuilt under it. `DIST` names a build of the package. */
export const buildAll = async (): Promise<Built> => {
  const own = join(ROOT, 'test-results/bench');
  const dist = process.env['DIST'] ?? join(own, 'dist');
  const pages = join(own, 'pages');
  await buildPages(pages);
  if (process.env['DIST'] === undefined)
    await build({
      root: ROOT,
      configFile: join(ROOT, 'vite.config.ts'),
      logLevel: 'warn',
      build: {outDir: dist, emptyOutDir: true},
    });
  return {dist, pages, modules: join(ROOT, 'node_modules')};
};

export const isInstalled = (name: string): boolean => existsSync(join(ROOT, 'node_modules', name, 'package.json'));
