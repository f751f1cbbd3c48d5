import {findSoftware, servers as serverNames, whyNot} from '../../scripts/servers/software.js';
import {startMapServers, type MapServers} from '../../scripts/servers/start.js';
import {startTokenCheck, type TokenCheck} from '../../scripts/servers/token-check.js';
import {test as base} from '../e2e/fixtures.js';
import {startSite, type Site} from '../e2e/support/site.js';

/** A site with its sign-in, and real map servers behind a gate that trusts it. */
export interface GatedSite {
  readonly site: Site;
  readonly check: TokenCheck;
  readonly servers: MapServers;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

const software = findSoftware();

/** The servers that this machine has; `npm run test:servers` names the others. */
export const available = serverNames.filter((name) => whyNot(name, software) === undefined);

export const startGatedSite = async (accessTokenSeconds: number): Promise<GatedSite> => {
  const site = await startSite({accessTokenSeconds});
  const {demo} = site;
  const check = await startTokenCheck({
    signIn: demo.signIn,
    audience: demo.mapUrl,
    nextGeneration: () => demo.map.expireTokens(),
  });
  const servers = await startMapServers({software, page: new URL(demo.pageUrl).origin, check: check.url});
  return {
    site,
    check,
    servers,
    async reset() {
      site.reset();
      check.reset();
      await servers.log.clear();
    },
    async stop() {
      await servers.stop();
      await check.stop();
      await site.stop();
    },
  };
};

interface TestFixtures {
  /** The servers, with nothing counted and nothing logged. */
  readonly gated: GatedSite;
}

interface WorkerFixtures {
  readonly workerGated: GatedSite;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  workerGated: [
    // Playwright reads from this pattern which other fixtures are wanted.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const gated = await startGatedSite(1800);
      await use(gated);
      await gated.stop();
    },
    {scope: 'worker', timeout: 60_000},
  ],
  gated: async ({workerGated}, use) => {
    await workerGated.reset();
    await use(workerGated);
  },
});

export {expect} from '../e2e/support/expect.js';
