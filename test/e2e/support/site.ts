import {copyFileSync} from 'node:fs';
import {cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {startDemo} from '../../../demo/servers/demo.js';
import type {Demo, DemoOptions} from '../../../demo/servers/demo.js';
import {withScript} from '../../../scripts/bundle/one-bridge-page.js';

/** The servers of the demo, and pages of the tests' own on the same origin, under the same strict policy. */
export interface Site {
  readonly demo: Demo;
  /** Puts a page on the site; the answer is its address. `{{map}}`, `{{issuer}}` and `{{page}}` are the origins. */
  page(body: string): Promise<string>;
  /** Has the map server hand out this instead of the script of its bridge, until the next test. */
  replaceBridge(script: string): Promise<void>;
  /** The counts at zero, nothing broken, nothing logged. */
  reset(): void;
  stop(): Promise<void>;
}

/** `DIST` names another build to test. */
const dist = process.env['DIST'] ?? fileURLToPath(new URL('../../../dist', import.meta.url));

const render = (body: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>A page with a map</title>
    <link rel="icon" href="/demo/icon.svg">
    <link rel="stylesheet" href="/e2e/page.css">
    <script type="module" src="/secure-map.js"></script>
  </head>
  <body>
${body}
  </body>
</html>`;

/** Small, since every tile costs every test a moment. */
const css = 'body { margin: 0; } secure-map { inline-size: 640px; max-inline-size: 100%; block-size: 400px; }';

/** A copy of the build, so that a build that is made meanwhile does not pull it away from under the tests. */
export const startSite = async (options: DemoOptions = {}): Promise<Site> => {
  const folder = await mkdtemp(join(tmpdir(), 'secure-map-'));
  await cp(dist, folder, {recursive: true, filter: (path) => !path.includes('/modules')});
  await mkdir(join(folder, 'e2e'));
  await writeFile(join(folder, 'e2e/page.css'), css);
  const demo = await startDemo({...options, dist: folder});
  let pages = 0;

  return {
    demo,
    async page(body) {
      pages += 1;
      await writeFile(join(folder, `e2e/page-${pages}.html`), render(body));
      return `${demo.pageUrl}e2e/page-${pages}.html`;
    },
    async replaceBridge(script) {
      const page = await readFile(join(dist, 'bridge.html'), 'utf8');
      await writeFile(join(folder, 'bridge.html'), withScript(page, script));
    },
    reset() {
      copyFileSync(join(dist, 'bridge.html'), join(folder, 'bridge.html'));
      for (const server of [demo.signIn, demo.map]) {
        server.setFault(null);
        server.setOffline(false);
        server.resetCounts();
      }
      demo.log.clear();
    },
    async stop() {
      await demo.stop();
      await rm(folder, {recursive: true, force: true});
    },
  };
};
