import {test as base, type Locator, type Page} from '@playwright/test';
import {expect} from '../e2e/support/expect.js';
import {findIn, placesOf} from '../e2e/support/scan.js';
import {recordEvents} from '../e2e/support/recorder.js';
import {drawnOn, expectIdle, expectState, stateOf, tagOf} from '../e2e/support/tag.js';
import {keepAnswers} from './answers.js';
import {rows, type PlatformRow, type Scene} from './rows.js';
import {createStage, type Stage} from './stage.js';

// From a page with one tag to a map on the screen, for each platform: its double, the broker before it, a real browser.

interface Play extends Scene {
  readonly stage: Stage;
  readonly address: string;
}

const test = base.extend<{readonly play: (row: PlatformRow) => Promise<Play>}>({
  // oxlint-disable-next-line no-empty-pattern
  play: async ({}, use) => {
    const stages: Stage[] = [];
    await use(async (row) => {
      const stage = await createStage();
      stages.push(stage);
      const scene = await row.set(stage);
      return {...scene, stage, address: stage.open(scene.handlers, scene.markup)};
    });
    for (const stage of stages) await stage.close();
  },
});

const obtained = ({issuer, isObtaining}: Scene): number => issuer.requests.filter(isObtaining).length;
const mapRequests = ({maps, isObtaining}: Scene) =>
  maps.requests.filter((request) => !request.preflight && !isObtaining(request));
const refused = (scene: Scene): number => mapRequests(scene).filter(({status}) => status === 401).length;

/** Vector maps leave the sea empty. */
const expectDrawn = async (tag: Locator): Promise<void> => {
  await expect.poll(async () => (await drawnOn(tag)).opaque, {message: 'the map is drawn'}).toBeGreaterThan(0.01);
  await expectIdle(tag);
};
const open = async (page: Page, {address}: Play): Promise<Locator> => {
  await page.goto(address);
  const tag = tagOf(page);
  await expectDrawn(tag);
  return tag;
};
/** The visitor looks closer; what is asked for once as a whole is asked for anew by other markup that means the same. */
const move = async (tag: Locator): Promise<void> => {
  await tag.evaluate((element: HTMLElementTagNameMap['secure-map']) => {
    const view = element.map.getView();
    view.setZoom((view.getZoom() ?? 0) + 1);
    const options = element.getAttribute('platform-options');
    if (options?.includes('jsonstream')) element.setAttribute('platform-options', `${options} `);
  });
};
const events = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => (window.recordedEvents ?? []).map(({type}) => type));

test.beforeEach(({context}) => context.addInitScript(recordEvents));

for (const row of rows) {
  test.describe(row.name, () => {
    test('obtain', async ({page, play}) => {
      const scene = await play(row);
      const tag = await open(page, scene);
      await expectState(tag, 'authenticated');
      expect(obtained(scene)).toBe(1);
    });

    test('map drawn', async ({page, play}) => {
      const scene = await play(row);
      const tag = await open(page, scene);
      await move(tag);
      await expectIdle(tag);
      const statuses = new Set(mapRequests(scene).map(({status}) => status));
      expect([...statuses].filter((status) => status !== 200 && status !== 204 && status !== 404)).toEqual([]);
      expect(await events(page)).not.toContain('layer-error');
    });

    test('expiry healed', async ({page, play}) => {
      const scene = await play(row);
      await page.clock.install();
      const tag = await open(page, scene);
      const before = obtained(scene);
      // Its minute is over for the servers, and nearly for the page, which renews by itself.
      scene.stage.ahead = row.hasToken ? 40_000 : 70_000;
      await page.clock.fastForward(40_000);
      if (row.hasToken) await expect.poll(() => events(page)).toContain('token-refreshed');
      scene.stage.ahead = 70_000;
      await move(tag);
      await expectDrawn(tag);
      expect(obtained(scene)).toBe(before + 1);
      expect(refused(scene)).toBe(0);
      expect(await events(page)).not.toContain('layer-error');
    });

    test('401 healed', async ({page, play}) => {
      const scene = await play(row);
      const tag = await open(page, scene);
      scene.revoke();
      await move(tag);
      await expect.poll(() => obtained(scene)).toBe(2);
      await expectDrawn(tag);
      expect(refused(scene)).toBeGreaterThan(0);
      expect(mapRequests(scene).at(-1)?.status).toBeLessThan(400);
      expect(await stateOf(tag)).toBe('authenticated');
      expect(await events(page)).not.toContain('layer-error');
    });

    test('refused visitor', async ({page, play}) => {
      const scene = await play(row);
      scene.stage.isKnown = false;
      await page.goto(scene.address);
      await expect.poll(() => events(page)).toContain('auth-required');
      expect((await drawnOn(tagOf(page))).opaque).toBe(0);
      expect([obtained(scene), mapRequests(scene).length]).toEqual([0, 0]);
    });

    test('sign-out', async ({page, play}) => {
      const scene = await play(row);
      const tag = await open(page, scene);
      const before = mapRequests(scene).length;
      await tag.evaluate((element: HTMLElementTagNameMap['secure-map']) => element.logout());
      await expectState(tag, 'signed-out');
      await expect.poll(async () => (await drawnOn(tag)).opaque, {message: 'nothing is left'}).toBe(0);
      await move(tag);
      expect(mapRequests(scene).length).toBe(before);
    });

    test('nothing leaks', async ({page, context, play}) => {
      const scene = await play(row);
      const answersSoFar = keepAnswers(context);
      const lines: string[] = [];
      context.on('console', (message) => lines.push(message.text()));
      const tag = await open(page, scene);
      scene.revoke();
      await move(tag);
      await expect.poll(() => obtained(scene)).toBe(2);
      await expectDrawn(tag);
      const places = await placesOf(page, lines);
      const answers = await answersSoFar();
      expect(Object.keys(answers).length).toBeGreaterThan(5);
      const secrets = scene.secrets();
      expect(secrets.every((secret) => secret.length > 15)).toBe(true);
      expect(findIn({...places, ...answers}, {secret: secrets})).toEqual([]);
    });
  });
}
