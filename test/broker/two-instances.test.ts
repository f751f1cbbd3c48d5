import assert from 'node:assert/strict';
import {spawn, type ChildProcess} from 'node:child_process';
import {createServer} from 'node:http';
import {after, before, describe, it} from 'node:test';
import {createPlanviewerDouble, PLANVIEWER_VIEWERS} from '../doubles/platforms/planviewer.js';
import {Browser} from './support/browser.js';
import type {InstanceSettings} from './support/instance.js';
import {findNginx, freePort, startNginx, type Nginx} from './support/nginx.js';
import {startProvider, type RealProvider} from './support/oidc-provider.js';

// Two brokers, each a process of its own, behind nginx, which asks them in turn. They share a secret and nothing else.

const nginx = findNginx();
const skip =
  nginx === undefined && 'nginx is not installed: two instances behind it were not tested (apt-get install nginx)';

const planviewerSecret = 'the secret of Planviewer, which is long enough';
const planviewer = 'https://www.planviewer.example';
const planviewerCallback = `${planviewer}/maps_api/v2/oauth/1/callback`;
/** Seconds; renewed after half of it. */
const LIFETIME = 4;

interface Setting {
  readonly site: string;
  readonly provider: RealProvider;
  readonly instances: readonly ChildProcess[];
  /** The tokens that the map server was shown. */
  readonly shown: string[];
  close(): Promise<void>;
}

const startInstance = async (settings: InstanceSettings) => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/broker/support/instance.ts'], {
    env: {...process.env, INSTANCE: JSON.stringify(settings)},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('exit', (code) => reject(new Error(`an instance ended with ${code}`)));
  });
  return {child, port};
};

const start = async (program: string, rotates: boolean): Promise<Setting> => {
  const port = await freePort();
  const site = `http://localhost:${port}`;
  const provider = await startProvider({bases: [`${site}/bff`], accessTokenSeconds: LIFETIME, rotates});
  const shown: string[] = [];
  const maps = createServer((request, response) => {
    const authorization = request.headers.authorization ?? '';
    shown.push(authorization);
    void fetch(`${provider.issuer}/me`, {headers: {authorization}}).then(({ok}) => {
      response.writeHead(ok ? 200 : 401, {'content-type': 'text/plain'}).end('tile');
    });
  });
  await new Promise<void>((resolve) => maps.listen(0, '127.0.0.1', resolve));
  const address = maps.address();
  const {issuer, clientId, clientSecret} = provider;
  const settings: InstanceSettings = {
    issuer,
    clientId,
    clientSecret,
    secret: 'a-random-string-of-the-site-of-at-least-32-characters',
    site,
    upstream: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    planviewerSecret,
    planviewerCallback,
  };
  const instances = await Promise.all([startInstance(settings), startInstance(settings)]);
  const front: Nginx = await startNginx(
    program,
    port,
    instances.map(({port: own}) => `127.0.0.1:${own}`),
  );
  return {
    site,
    provider,
    shown,
    instances: instances.map(({child}) => child),
    async close() {
      await front.close();
      for (const {child} of instances) child.kill();
      maps.closeAllConnections();
      await new Promise((resolve) => maps.close(resolve));
      await provider.close();
    },
  };
};

const HEADERS = {'x-requested-with': 'secure-map'};
const instanceOf = (response: Response): string => response.headers.get('x-instance') ?? '';

const signedIn = async ({site, provider}: Setting): Promise<Browser> => {
  provider.account = 'anna';
  const browser = new Browser({});
  const landed = await browser.follow(`${site}/bff/login?returnTo=/map`, ({pathname}) => pathname === '/map');
  assert.equal(landed, `${site}/map`);
  return browser;
};

const session = async (browser: Browser, {site}: Setting) => {
  const {response, body} = await browser.send(`${site}/bff/session`, {headers: HEADERS});
  return {status: response.status, instance: instanceOf(response), body: JSON.parse(body) as Record<string, unknown>};
};

/** Asks for tiles until the session's token has ended. */
const untilExpired = async (browser: Browser, {site}: Setting): Promise<void> => {
  const end = Date.now() + (LIFETIME + 10) * 1000;
  while ((await browser.send(`${site}/tiles/1.png`)).response.status !== 401) {
    assert.ok(Date.now() < end, 'the token has not ended');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

describe('two brokers behind nginx', {skip}, () => {
  let setting: Setting;
  before(async () => {
    setting = await start(nginx ?? '', true);
  });
  after(() => setting.close());

  it('serve one visitor in turn, through the sign-in and every renewal', async () => {
    const browser = await signedIn(setting);
    const {site, provider, shown} = setting;
    const route = browser.visits.filter(({url}) => url.startsWith(site)).map(({response}) => instanceOf(response));
    assert.equal(route.length, 2);
    assert.equal(new Set(route).size, 2, 'one has sent the visitor away, the other has taken them back');

    for (let round = 1; round <= 2; round += 1) {
      const answers = [await session(browser, setting), await session(browser, setting)];
      assert.deepEqual(
        answers.map(({status, body}) => [status, (body['user'] as Record<string, unknown>)['sub']]),
        [
          [200, 'anna'],
          [200, 'anna'],
        ],
      );
      assert.equal(new Set(answers.map(({instance}) => instance)).size, 2);
      const tiles = [];
      for (let tile = 0; tile < 4; tile += 1) tiles.push(await browser.send(`${site}/tiles/${tile}.png`));
      assert.deepEqual(
        tiles.map(({response, body}) => [response.status, body]),
        tiles.map(() => [200, 'tile']),
      );
      assert.equal(new Set(tiles.map(({response}) => instanceOf(response))).size, 2);
      const renewals = provider.grants.refresh_token;
      await untilExpired(browser, setting);
      assert.equal((await session(browser, setting)).status, 200);
      assert.equal(provider.grants.refresh_token, renewals + 1);
      assert.equal((await browser.send(`${site}/tiles/x.png`)).response.status, 200);
    }
    assert.equal(provider.refusals, 0);
    // The map server was shown tokens, and the browser none.
    assert.ok(shown.length >= 10);
    const tokens = new Set(shown.map((authorization) => authorization.replace('Bearer ', '')));
    for (const {url, body, response} of browser.visits.filter(({url: each}) => each.startsWith(site)))
      for (const token of tokens) assert.ok(!`${url}${[...response.headers].join()}${body}`.includes(token));
  });

  it('one authorizes for Planviewer, and the other gives the token', async () => {
    const browser = await signedIn(setting);
    const {site} = setting;
    const used: string[] = [];
    const double = createPlanviewerDouble({
      oauth: {
        clientId: 'planviewer',
        clientSecret: planviewerSecret,
        authorizeUrl: `${site}/planviewer/authorize`,
        accessTokenUrl: `${site}/planviewer/access_token`,
        resourceUrl: `${site}/planviewer/resource`,
      },
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        used.push(instanceOf(response));
        return response;
      },
    });
    const visitor = new Browser({[planviewer]: (request) => double.handle(request)});
    visitor.cookies.set(new URL(site).host, browser.jar(site));
    const viewer = `${planviewer}/maps_api/v2/embed/viewer/${PLANVIEWER_VIEWERS[0]?.identifier}`;
    const callback = await visitor.follow(viewer, ({pathname}) => pathname.endsWith('/callback'));
    assert.equal((await visitor.send(callback)).response.status, 200);
    assert.equal(new Set(used).size, 2);
  });

  it('a sign-out at one takes the tokens from the other', async () => {
    const browser = await signedIn(setting);
    const {site} = setting;
    const copy = browser.copy();
    const {response} = await browser.send(`${site}/bff/logout`, {method: 'POST', headers: HEADERS});
    assert.equal(response.status, 204);
    const tiles = [await copy.send(`${site}/tiles/1.png`), await copy.send(`${site}/tiles/1.png`)];
    assert.equal(new Set(tiles.map(({response: each}) => instanceOf(each))).size, 2);
    assert.deepEqual(
      tiles.map(({response: each}) => each.status),
      [401, 401],
    );
  });

  it('one of them may stop, and the session goes on', async () => {
    const browser = await signedIn(setting);
    const [first] = setting.instances;
    const gone = new Promise((resolve) => first?.once('exit', resolve));
    first?.kill();
    await gone;
    for (let count = 0; count < 4; count += 1) assert.equal((await session(browser, setting)).status, 200);
  });
});

describe('two brokers behind nginx, and a provider whose refresh tokens may come twice', {skip}, () => {
  let setting: Setting;
  before(async () => {
    setting = await start(nginx ?? '', false);
  });
  after(() => setting.close());

  it('renew a session that is asked for at both at once', async () => {
    const browser = await signedIn(setting);
    const {site, provider} = setting;
    await untilExpired(browser, setting);
    const answers = await Promise.all(
      Array.from({length: 20}, () => fetch(browser.request(`${site}/bff/session`, {headers: HEADERS}))),
    );
    assert.deepEqual([...new Set(answers.map(({status}) => status))], [200]);
    assert.equal(new Set(answers.map(instanceOf)).size, 2);
    assert.equal(provider.grants.refresh_token, 2, 'one request of each instance for all twenty');
    assert.equal(provider.refusals, 0);
  });
});
