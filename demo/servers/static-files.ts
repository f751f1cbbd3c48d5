import {readFile} from 'node:fs/promises';
import {extname, join} from 'node:path';
import type {Reply} from './exchange.js';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface StaticFilesOptions {
  /** The project: `index.html`, `demo/`. */
  readonly root: string;
  /** What the build made; served at the root. */
  readonly dist: string;
  /** `{{name}}` in pages. */
  readonly values: Readonly<Record<string, string>>;
}

export function createStaticFiles({root, dist, values}: StaticFilesOptions): (path: string) => Promise<Reply> {
  return async (asked) => {
    const path = asked === '/' ? '/index.html' : asked;
    const file = locate(path, root, dist);
    const type = TYPES[extname(path)];
    const body = file === undefined || type === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (body === undefined || type === undefined) {
      return {status: 404, headers: {'content-type': 'text/plain; charset=utf-8'}, body: 'Not found.'};
    }
    const headers = {'content-type': type, 'cache-control': 'no-cache'};
    if (!type.startsWith('text/html')) return {status: 200, headers, body};
    const all = {...values, stories: await storiesFor(asked, root)};
    const page = body
      .toString()
      .replace(/\{\{(\w+)\}\}/gu, (whole, name: string) => new Map(Object.entries(all)).get(name) ?? whole);
    return {status: 200, headers, body: page};
  };
}

/** The links between the demo pages, with a mark at the one that is shown. The page that is its own return page is a redirect. */
async function storiesFor(path: string, root: string): Promise<string> {
  const links = await readFile(join(root, 'demo/stories.html'), 'utf8');
  const here = path === '/index.html' ? '/' : path.replace('-here.html', '.html');
  return links.replace(`href="${here}"`, (link) => `${link} aria-current="page"`);
}

/** Names without dot segments, and of the demo only what is meant for browsers. */
function locate(path: string, root: string, dist: string): string | undefined {
  if (!/^(?:\/[\w-][\w.-]*)+$/u.test(path)) return undefined;
  if (path === '/index.html') return join(root, 'index.html');
  if (path.startsWith('/demo/')) return path.startsWith('/demo/servers/') ? undefined : join(root, path);
  return join(dist, path);
}
