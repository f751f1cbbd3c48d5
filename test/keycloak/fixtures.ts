import {randomBytes} from 'node:crypto';
import {cp, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openExchange, sendReply} from '../../demo/servers/exchange.js';
import {openServer, type LocalServer} from '../../demo/servers/local-server.js';
import {createStaticFiles} from '../../demo/servers/static-files.js';
import {startKeycloak, type Keycloak} from '../../scripts/keycloak/start.js';
import type {SeenRequest} from '../../scripts/keycloak/recorder.js';
import {test as base} from '../e2e/fixtures.js';
import {startMapServer, type MapServer} from './map-server.js';

/** The document's 300 s and 1800 s, shortened so that a renewal can be seen. */
export const accessSeconds = 10;
export const refreshSeconds = 60;

/** Quotes, separators and letters beyond ASCII have to survive the form. */
export const password = `p&=+ ü€"${randomBytes(12).toString('hex')}`;
export const account = {username: 'gis', password, enabled: true};
export const disabled = {username: 'left', password, enabled: false};

export interface RealServers {
  readonly keycloak: Keycloak;
  readonly map: MapServer;
  /** Puts a page on the site; the answer is its address. */
  page(body: string): Promise<string>;
  stop(): Promise<void>;
}

const environment = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests are run by "npm run test:keycloak".`);
  return value;
};

const startSite = async (server: LocalServer): Promise<{page: RealServers['page']; remove: () => Promise<void>}> => {
  const folder = await mkdtemp(join(tmpdir(), 'secure-map-page-'));
  await cp(environment('DIST'), folder, {recursive: true});
  // The pages of the demo have links to each other, which the server reads for every page.
  await mkdir(join(folder, 'demo'));
  await writeFile(join(folder, 'demo/stories.html'), '');
  const files = createStaticFiles({root: folder, dist: folder, values: {}});
  server.handle((request, response) => {
    const {url} = openExchange(request, response, server.origin);
    files(url.pathname)
      .then((reply) => sendReply(response, reply))
      .catch(() => response.destroy());
  });
  let pages = 0;
  return {
    async page(body) {
      pages += 1;
      const head = '<meta charset="utf-8"><title>A map</title><script type="module" src="/secure-map.js"></script>';
      const style =
        '<style>body { margin: 0 } secure-map { display: block; inline-size: 400px; block-size: 300px }</style>';
      await writeFile(
        join(folder, `page-${pages}.html`),
        `<!doctype html><html lang="en"><head>${head}${style}</head><body>${body}</body></html>`,
      );
      return `${server.origin}/page-${pages}.html`;
    },
    remove: () => rm(folder, {recursive: true, force: true}),
  };
};

const startAll = async (): Promise<RealServers> => {
  const server = await openServer('localhost', 0);
  const site = await startSite(server);
  const keycloak = await startKeycloak({
    distribution: environment('KEYCLOAK_HOME'),
    java: {home: environment('KEYCLOAK_JAVA_HOME'), version: 0},
    realm: {
      accessSeconds,
      refreshSeconds,
      redirectUris: [`${server.origin}/*`],
      accounts: [account, disabled],
    },
  });
  const map = await startMapServer(keycloak.issuer);
  return {
    keycloak,
    map,
    page: site.page,
    async stop() {
      await Promise.all([keycloak.stop(), map.stop(), server.close()]);
      await site.remove();
    },
  };
};

/** The form of every request to the token endpoint so far, and what it was answered with. */
export const grantsOf = ({
  recorder,
}: Keycloak): {form: Record<string, string>; status: number; request: SeenRequest}[] =>
  recorder.seen
    .filter(({method, path}) => method === 'POST' && path.endsWith('/protocol/openid-connect/token'))
    .map((request) => ({
      form: Object.fromEntries(new URLSearchParams(request.body)),
      status: request.status,
      request,
    }));

/** `password 200, refresh_token 400`: what was asked for, in a line. */
export const grantLine = (keycloak: Keycloak): string =>
  grantsOf(keycloak)
    .map(({form, status}) => `${form['grant_type']} ${status}`)
    .join(', ');

interface TestFixtures {
  /** The servers, with nothing recorded, nobody signed in, and refresh tokens as Keycloak has them by default. */
  readonly real: RealServers;
}

interface WorkerFixtures {
  readonly workerReal: RealServers;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  workerReal: [
    // Playwright reads from this pattern which other fixtures are wanted.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const real = await startAll();
      await use(real);
      await real.stop();
    },
    {scope: 'worker', timeout: 360_000},
  ],
  real: async ({workerReal}, use) => {
    const {keycloak, map} = workerReal;
    await keycloak.admin.endSessionsOf(account.username);
    await keycloak.admin.configure({revokeRefreshToken: false});
    keycloak.recorder.clear();
    map.clear();
    await use(workerReal);
  },
});

export {expect} from '../e2e/support/expect.js';
