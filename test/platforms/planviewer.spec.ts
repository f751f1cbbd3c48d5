import {randomUUID} from 'node:crypto';
import {test as base, type Frame, type Page} from '@playwright/test';
import {createMapProxy, createPlanviewerProvider, createTokenBroker, type Handler} from '../../src/broker/index.js';
import {createPlanviewerDouble, PLANVIEWER_VIEWERS, type PlanviewerDouble} from '../doubles/platforms/planviewer.js';
import {createWorldContent} from '../doubles/platforms/world-content.js';
import {expect} from '../e2e/support/expect.js';
import {recordEvents} from '../e2e/support/recorder.js';
import {findIn, placesOf} from '../e2e/support/scan.js';
import {drawnOn, expectState, signInButton, tagOf} from '../e2e/support/tag.js';
import {keepAnswers} from './answers.js';
import {createStage, type Stage} from './stage.js';

// Planviewer's own viewer in a frame: the site is the provider, Planviewer the client. What is in the frame no script of
// the page can look at; the tests can.

interface Play {
  readonly stage: Stage;
  readonly planviewer: PlanviewerDouble;
  readonly planviewerOrigin: string;
  readonly clientSecret: string;
  /** Calls of the provider's token endpoint. */
  readonly tokens: () => number;
  readonly address: string;
  /** The same, where the visitor signs in by a window first. */
  readonly withSignIn: string;
}

const content = createWorldContent();
const [viewer] = PLANVIEWER_VIEWERS;
const identifier = viewer?.identifier ?? '';

const createPlay = async (stage: Stage): Promise<Play> => {
  const clientSecret = randomUUID();
  const oauth = {
    clientId: 'planviewer',
    clientSecret,
    authorizeUrl: `${stage.origin}/planviewer/authorize`,
    accessTokenUrl: `${stage.origin}/planviewer/access_token`,
    resourceUrl: `${stage.origin}/planviewer/resource`,
  };
  const planviewer = createPlanviewerDouble({content, oauth, fetch, now: stage.now});
  const server = await stage.serve(planviewer.handle, 'localhost');
  const provider = createPlanviewerProvider({
    clients: [{clientId: oauth.clientId, clientSecret, redirectUris: [`${server}/maps_api/v2/oauth/1/callback`]}],
    key: randomUUID(),
    authenticate: () => stage.isKnown,
    now: stage.now,
  });
  let tokens = 0;
  const counted: Handler = async (request) => {
    if (request.url.endsWith('/access_token')) tokens += 1;
    return provider(request);
  };
  const tag = (more: string): string =>
    `<secure-map platform="planviewer" server="${server}" map="${identifier}" ${more}></secure-map>`;
  const handlers = new Map([['/planviewer', counted]]);
  return {
    ...{stage, planviewer, planviewerOrigin: server, clientSecret},
    tokens: () => tokens,
    address: stage.open(handlers, tag('')),
    withSignIn: stage.open(handlers, tag('login="popup"'), '/sign-in-page'),
  };
};

const test = base.extend<{readonly play: Play}>({
  // oxlint-disable-next-line no-empty-pattern
  play: async ({}, use) => {
    const stage = await createStage();
    await use(await createPlay(stage));
    await stage.close();
  },
});
test.beforeEach(({context}) => context.addInitScript(recordEvents));

const viewerFrame = (page: Page): Frame | undefined => page.frames().find((frame) => frame !== page.mainFrame());
const isShown = async (page: Page): Promise<boolean> => {
  const picture = viewerFrame(page)?.locator('img');
  return (await picture?.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)) ?? false;
};
/** By a window with the viewer as a page of its own, which the visitor closes. */
const signIn = async (page: Page, {withSignIn}: Play): Promise<void> => {
  await page.goto(withSignIn);
  const opened = page.waitForEvent('popup');
  await signInButton(tagOf(page)).click();
  const popup = await opened;
  await expect(popup.locator('img')).toBeVisible();
  await popup.close();
  await expectState(tagOf(page), 'authenticated');
  await expectShown(page);
};
const expectShown = (page: Page): Promise<void> =>
  expect.poll(() => isShown(page).catch(() => false), {message: 'the viewer shows its map'}).toBe(true);

test.describe('planviewer, frame', () => {
  test('obtain', async ({page, play}) => {
    await page.goto(play.address);
    await expectShown(page);
    expect(play.tokens()).toBe(1);
    expect([...play.planviewer.sessions.values()].filter(({token}) => token)).toHaveLength(1);
  });

  test('map drawn', async ({page, play}) => {
    await page.goto(play.address);
    await expectShown(page);
    const frame = tagOf(page).locator('[part=frame]');
    await expect(frame).toBeVisible();
    expect(await frame.boundingBox()).toMatchObject({width: 512, height: 384});
  });

  test('expiry healed', async ({page, play}) => {
    await signIn(page, play);
    expect(play.tokens()).toBe(1);
    play.planviewer.endSessions();
    // The visitor goes on in the viewer, and Planviewer asks the site again.
    await viewerFrame(page)?.goto(`${play.planviewerOrigin}/maps_api/v2/embed/viewer/${identifier}`);
    await expect.poll(play.tokens).toBe(2);
    await expectShown(page);
    await expectState(tagOf(page), 'authenticated');
  });

  test('refused visitor', async ({page, play}) => {
    play.stage.isKnown = false;
    const answered = page.waitForResponse((response) => response.url().includes('/oauth/1/callback'));
    await page.goto(play.address);
    expect((await answered).status()).toBe(403);
    expect(new URL((await answered).url()).searchParams.get('error')).toBe('access_denied');
    expect(play.tokens()).toBe(0);
    expect(play.planviewer.requests.filter(({url}) => url.pathname.endsWith('map.png'))).toEqual([]);
  });

  test('sign-out', async ({page, play}) => {
    await signIn(page, play);
    await tagOf(page).evaluate((element: HTMLElementTagNameMap['secure-map']) => element.logout());
    await expectState(tagOf(page), 'signed-out');
    await expect(tagOf(page).locator('[part=frame]')).toHaveCount(0);
    expect(viewerFrame(page)).toBe(undefined);
  });

  test('nothing leaks', async ({page, context, play}) => {
    const lines: string[] = [];
    const answersSoFar = keepAnswers(context);
    context.on('console', (message) => lines.push(message.text()));
    await page.goto(play.address);
    await expectShown(page);
    const issued = [...play.planviewer.sessions.values()].flatMap(({token}) =>
      token ? [token.access_token, ...(token.refresh_token ? [token.refresh_token] : [])] : [],
    );
    expect(issued.length).toBeGreaterThan(0);
    const answers = await answersSoFar();
    expect(findIn({...(await placesOf(page, lines)), ...answers}, {secret: [play.clientSecret, ...issued]})).toEqual(
      [],
    );
  });
});

test.describe('planviewer, openlayers', () => {
  const secret = 'the-secret-of-the-access-key';

  const open = async (page: Page, stage: Stage): Promise<PlanviewerDouble> => {
    const keys = [{key: 'planviewer-key', secret}];
    const planviewer = createPlanviewerDouble({content, oauth: null, fetch, now: stage.now, keys});
    const upstream = await stage.serve(planviewer.handle);
    const authorize = (): boolean => stage.isKnown;
    const broker = createTokenBroker({
      platform: 'planviewer',
      server: upstream,
      secret: {key: 'planviewer-key', secret},
      authorize,
    });
    const proxy = createMapProxy({broker, mount: '/plan', upstream, paths: ['/maps_api/v2/server/'], authorize});
    const session: Handler = async () => Response.json({authenticated: stage.isKnown});
    const options = `{"view": "openlayers"}`;
    const markup =
      `<secure-map platform="planviewer" server="/plan" map="${identifier}" platform-options='${options}' `
      + 'session-url="/session" center="10,50" zoom="4"></secure-map>';
    await page.goto(
      stage.open(
        new Map<string, Handler>([
          ['/plan', proxy],
          ['/session', session],
        ]),
        markup,
      ),
    );
    return planviewer;
  };

  const isDrawn = (page: Page): Promise<void> =>
    expect.poll(async () => (await drawnOn(tagOf(page))).colours).toBeGreaterThan(5);

  // A base map of others that the list names.
  test.beforeEach(({page}) => page.route(/openstreetmap/, (route) => route.abort()));

  test('obtain', async ({page, play: {stage}}) => {
    const planviewer = await open(page, stage);
    await isDrawn(page);
    const lists = planviewer.requests.filter(({url}) => url.pathname.endsWith('/layers'));
    expect(lists.map(({status}) => status)).toEqual([200]);
    expect(lists[0]?.headers.get('authorization')).toMatch(/^Basic /);
  });

  test('map drawn', async ({page, play: {stage}}) => {
    const planviewer = await open(page, stage);
    await isDrawn(page);
    const maps = planviewer.requests.filter(({url, preflight}) => !preflight && url.pathname === '/wms');
    expect(maps.length).toBeGreaterThan(0);
    expect(maps.filter(({headers}) => headers.has('authorization') || headers.has('cookie'))).toEqual([]);
  });

  test('sign-out', async ({page, play: {stage}}) => {
    await open(page, stage);
    await isDrawn(page);
    await tagOf(page).evaluate((element: HTMLElementTagNameMap['secure-map']) => element.logout());
    await expectState(tagOf(page), 'signed-out');
    await expect.poll(async () => (await drawnOn(tagOf(page))).colours).toBe(1);
  });

  test('nothing leaks', async ({page, context, play: {stage}}) => {
    const answersSoFar = keepAnswers(context);
    await open(page, stage);
    await isDrawn(page);
    const answers = await answersSoFar();
    expect(findIn({...(await placesOf(page, [])), ...answers}, {secret: [secret]})).toEqual([]);
  });

  test('refused visitor', async ({page, play: {stage}}) => {
    stage.isKnown = false;
    const planviewer = await open(page, stage);
    await expect
      .poll(() => page.evaluate(() => (window.recordedEvents ?? []).map(({type}) => type)))
      .toContain('auth-required');
    expect(planviewer.requests).toEqual([]);
  });
});
