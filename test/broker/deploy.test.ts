import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {after, describe, it, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {checkConfig} from '../../src/broker/cli/read-config.js';
import {startCli} from './support/cli.js';
import {findFront, startFront} from './support/front-server.js';
import {serveOnemap} from './support/platform-server.js';

// The recipes of docs/deploy, with the programs that they are for.

const page = '<!doctype html><html lang="en"><title>A page</title></html>';
const env = {PASSWORD: 'right'};

/** The broker and the server in front of it. */
const start = async (name: 'nginx' | 'Apache', program: string) => {
  const onemap = await serveOnemap();
  const common = {authorize: {public: true}};
  const secret = {username: 'viewer', password: {env: 'PASSWORD'}};
  const routes = {
    '/map/token': {type: 'token-broker', platform: 'onemap', server: onemap.origin, secret, ...common},
    '/map/tiles/': {type: 'map-proxy', upstream: onemap.origin, paths: ['/wms'], broker: '/map/token', ...common},
  };
  const cli = await startCli({trustProxy: ['127.0.0.1'], routes}, env);
  const front = await startFront(name, program, cli.origin, page);
  after(() => front.close());
  return {direct: cli.origin, front: front.origin};
};

const startIfFound = async (name: 'nginx' | 'Apache') => {
  const program = findFront(name);
  if (program === undefined) return {absent: `${name} is not installed`, direct: '', front: ''};
  return {absent: false, ...(await start(name, program))};
};

// Before the first test, since what is to be undone is undone after the last one that is known by then.
const fronts = {nginx: await startIfFound('nginx'), Apache: await startIfFound('Apache')};

const here = (name: string): string => fileURLToPath(new URL(`../../docs/deploy/${name}`, import.meta.url));

test('the configuration of the recipes is one', async () => {
  const config = checkConfig(JSON.parse(await readFile(here('broker.json'), 'utf8')));
  assert.deepEqual(Object.keys(config.routes), ['/map/token', '/map/tiles/']);
});

test('the configuration of the guide is one', async () => {
  const guide = await readFile(here('../broker-cli.md'), 'utf8');
  const [, text = ''] = /```json\n([\s\S]+?)```/.exec(guide) ?? [];
  assert.equal(Object.keys(checkConfig(JSON.parse(text)).routes).length, 4);
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test('systemd understands the unit', {skip: !hasSystemd && 'systemd-analyze is not installed'}, () => {
  const {status, stdout, stderr} = spawnSync('systemd-analyze', ['verify', here('secure-map-broker.service')], {
    encoding: 'utf8',
  });
  assert.equal(`${stdout}${stderr}`, '');
  assert.equal(status, 0);
});

for (const name of ['nginx', 'Apache'] as const) {
  const {absent, direct, front} = fronts[name];
  describe(`${name} in front of the broker, as docs/deploy has it`, {skip: absent}, () => {
    it('serves the page with the policy, and the map with what the broker has sent', async () => {
      const html = await fetch(`${front}/index.html`);
      assert.equal(await html.text(), page);
      assert.match(html.headers.get('content-security-policy') ?? '', /^default-src 'none'; .*connect-src 'self' /);
      const map = await fetch(`${front}/map/tiles/wms?LAYERS=a`);
      assert.equal(await map.text(), 'a map');
      const plain = await fetch(`${direct}/map/tiles/wms?LAYERS=a`);
      for (const header of ['content-security-policy', 'cache-control', 'x-content-type-options'])
        assert.equal(map.headers.get(header), plain.headers.get(header), header);
    });

    it('tells the broker the address of the page: its own origin may ask, another may not', async () => {
      const ask = async (origin: string, headers: Record<string, string> = {}): Promise<number> =>
        (await fetch(`${front}/map/token`, {headers: {origin, ...headers}})).status;
      assert.equal(await ask(front), 200);
      assert.equal(await ask('https://evil.example'), 403);
      for (const invented of [
        {'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https'},
        {forwarded: 'host=evil.example;proto=https'},
      ])
        assert.equal(await ask('https://evil.example', invented), 403);
    });

    it('does not show what is not below /map/', async () => {
      assert.equal((await fetch(`${direct}/healthz`)).status, 200);
      assert.equal((await fetch(`${front}/healthz`)).status, 404);
    });

    it('passes the path on as the browser sent it', async () => {
      for (const path of ['/map/tiles/%2e%2e%2ftoken', '/map/tiles/wms%2F..%2F..%2Fapi%2Flogin_check'])
        assert.ok([400, 404].includes((await fetch(front + path)).status), path);
    });

    it('has room for the cookies of a sign-in', async () => {
      const cookie = Array.from({length: 3}, (_, index) => `__Host-session-${index}=${'x'.repeat(3_600)}`).join('; ');
      assert.equal((await fetch(`${front}/map/token`, {headers: {cookie}})).status, 200);
    });
  });
}
