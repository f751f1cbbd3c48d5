import {test as base} from '../e2e/fixtures.js';
import {startHostileProvider} from './hostile-provider.js';
import type {HostileProvider} from './hostile-provider.js';
import {startRecordingServer} from './support/recording-server.js';
import type {RecordingServer} from './support/recording-server.js';
import {startFrontDoor} from './support/front-door.js';
import type {FrontDoor} from './support/front-door.js';

interface TestFixtures {
  /** A provider that does wrong when it is told to. */
  readonly provider: HostileProvider;
  /** Another of its kind. */
  readonly stranger: HostileProvider;
  /** A server that the page trusts with its credential, and that keeps what it was sent. */
  readonly vault: RecordingServer;
  /** A server that has no business with any of it, and keeps what it was sent. */
  readonly attacker: RecordingServer;
  /** The site, from a server that lets itself be framed. */
  readonly frontDoor: FrontDoor;
}

interface WorkerFixtures {
  readonly providers: readonly [HostileProvider, HostileProvider];
  readonly recorders: readonly [RecordingServer, RecordingServer];
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  providers: [
    // Playwright reads from this pattern which other fixtures are wanted.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const providers = [await startHostileProvider(), await startHostileProvider()] as const;
      await use(providers);
      for (const provider of providers) await provider.stop();
    },
    {scope: 'worker'},
  ],
  recorders: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const recorders = [await startRecordingServer(), await startRecordingServer()] as const;
      await use(recorders);
      for (const recorder of recorders) await recorder.stop();
    },
    {scope: 'worker'},
  ],
  provider: async ({providers: [provider]}, use) => {
    provider.reset();
    await use(provider);
  },
  stranger: async ({providers: [, stranger]}, use) => {
    stranger.reset();
    await use(stranger);
  },
  vault: async ({recorders: [vault]}, use) => {
    vault.reset();
    await use(vault);
  },
  attacker: async ({recorders: [, attacker]}, use) => {
    attacker.reset();
    await use(attacker);
  },
  frontDoor: async ({site}, use) => {
    const frontDoor = await startFrontDoor(site.demo.pageUrl);
    await use(frontDoor);
    await frontDoor.stop();
  },
});

export {expect} from '../e2e/support/expect.js';
