import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {chromium, type Browser, type Page} from '@playwright/test';
import {build} from 'vite';
import {browserFlags, findBrowser} from '../../scripts/find-browser.js';
import {readBundle} from '../../scripts/size/bundle.js';
import {packThis} from './packed.js';
import {serve, type Site} from './serve.js';

// The package as a page has it: the drop-in file by itself, and the modules through the page's own bundler.

const {root, consumer} = packThis();
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

const page = (script: string): string =>
  `<!doctype html><meta charset="utf-8"><title>Test</title><script src="/watch.js"></script>`
  + `<script type="module" src="${script}"></script><secure-map></secure-map>`;

/** Notes what the policy refuses; a listener set from outside the page could come too late. */
const watch = `window.refused = []; addEventListener('securitypolicyviolation', (event) =>
  refused.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));`;

const bundleConsumer = async (name: string, code: string): Promise<void> => {
  mkdirSync(join(consumer, 'src'), {recursive: true});
  writeFileSync(join(consumer, 'src', `${name}.js`), code);
  await build({
    configFile: false,
    root: consumer,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: 'out',
      emptyOutDir: false,
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: {[name]: join(consumer, 'src', `${name}.js`)},
        output: {entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js'},
      },
    },
  });
};

let browser: Browser;
let site: Site;

before(async () => {
  await bundleConsumer('types-only', `import * as all from 'secure-map';\nwindow.all = all;\n`);
  await bundleConsumer('with-tag', `import 'secure-map/define.js';\n`);
  site = await serve(
    {'/cdn/1.0/': join(root, 'dist'), '/out/': join(consumer, 'out')},
    {
      '/watch.js': watch,
      '/drop-in': page('/cdn/1.0/secure-map.js'),
      '/types-only': page('/out/types-only.js'),
      '/with-tag': page('/out/with-tag.js'),
    },
    policy,
  );
  browser = await chromium.launch({executablePath: findBrowser(), args: [...browserFlags]});
});

after(async () => {
  await browser?.close();
  site?.close();
});

interface Visit {
  readonly page: Page;
  readonly requested: readonly string[];
  /** What the console, the policy and unhandled errors said. */
  complaints(): Promise<readonly string[]>;
}

const visit = async (path: string): Promise<Visit> => {
  const opened = await browser.newPage();
  const requested: string[] = [];
  const heard: string[] = [];
  opened.on('request', (request) => requested.push(request.url().replace(site.origin, '')));
  opened.on('pageerror', (error) => heard.push(error.message));
  opened.on('requestfailed', (request) => heard.push(`failed: ${request.url()}`));
  await opened.goto(`${site.origin}${path}`);
  await opened.waitForLoadState('networkidle');
  return {
    page: opened,
    requested,
    complaints: async () => [...heard, ...(await opened.evaluate<string[]>('window.refused'))],
  };
};

const isDefined = (visited: Visit): Promise<boolean> =>
  visited.page.evaluate<boolean>(`customElements.get('secure-map') !== undefined`);

test('the drop-in file registers the tag, under a strict policy and from any folder', async () => {
  const visited = await visit('/drop-in');
  assert.equal(await isDefined(visited), true);
  assert.deepEqual(await visited.complaints(), []);
});

test('the return page is looked for beside the drop-in file', async () => {
  const visited = await visit('/drop-in');
  const url = await visited.page.evaluate<string>(`customElements.get('secure-map').moduleUrl`);
  assert.equal(url, `${site.origin}/cdn/1.0/secure-map.js`);
});

test('without a sign-in only the first load is loaded', async () => {
  const {requested} = await visit('/drop-in');
  const {first} = readBundle(join(root, 'dist', 'secure-map.js'));
  assert.deepEqual(
    requested.filter((url) => url.startsWith('/cdn/')).toSorted(),
    first.map(({file}) => `/cdn/1.0/${file.replaceAll('\\', '/')}`).toSorted(),
  );
});

test('every chunk loads under the policy', async () => {
  const visited = await visit('/drop-in');
  const {lazy} = readBundle(join(root, 'dist', 'secure-map.js'));
  assert.ok(lazy.length > 0);
  for (const {file} of lazy)
    await visited.page.evaluate(`import(${JSON.stringify(`/cdn/1.0/${file.replaceAll('\\', '/')}`)}).then(() => true)`);
  assert.deepEqual(await visited.complaints(), []);
});

test('secure-map/define.js registers the tag', async () => {
  const visited = await visit('/with-tag');
  assert.equal(await isDefined(visited), true);
  assert.deepEqual(await visited.complaints(), []);
});

test('secure-map has no side effect', async () => {
  const visited = await visit('/types-only');
  assert.equal(await isDefined(visited), false);
  assert.ok((await visited.page.evaluate<string[]>('Object.keys(window.all)')).length > 0);
  assert.deepEqual(await visited.complaints(), []);
});
