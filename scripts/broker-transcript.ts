import {spawn, spawnSync} from 'node:child_process';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {getRequestListener} from '@hono/node-server';
import {chromium} from '@playwright/test';
import {createServer} from 'node:http';
import {createOnemapDouble, ONEMAP_ACCOUNTS} from '../test/doubles/platforms/onemap.js';
import {findFront, startFront} from '../test/broker/support/front-server.js';
import {until} from './browsers/until.js';
import {browserFlags, findBrowser} from './find-browser.js';
import {freePort} from './servers/listening.js';

// `secure-map-broker` from an empty folder, driven by a page: writes the transcript in docs/broker-cli.md. Needs a build,
// nginx and a browser: `npm run docs:broker`.

const guide = 'docs/broker-cli.md';
const [viewer] = ONEMAP_ACCOUNTS;
const nginx = findFront('nginx');
if (nginx === undefined || !viewer) throw new Error('nginx is not installed.');

const lines: string[] = [];
const say = (text: string): void => {
  lines.push(...text.trimEnd().split('\n'));
  console.log(text.trimEnd());
};

const root = await mkdtemp(join(tmpdir(), 'broker-transcript-'));
const folder = join(root, 'site');
await mkdir(folder);
const onemap = createOnemapDouble();
const answer = getRequestListener((request) => onemap.handle(request));
const platform = createServer((request, response) => void answer(request, response));
await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
const address = platform.address();
if (address === null || typeof address === 'string') throw new Error('no port');
const server = `http://127.0.0.1:${address.port}`;
const port = await freePort();
const undo: (() => unknown)[] = [() => platform.closeAllConnections(), () => platform.close()];

/** Ports and times are others each time; the rest has to stay as it is. */
const tidy = (text: string): string =>
  text
    .replaceAll(server, 'http://127.0.0.1:8600')
    .replaceAll(`127.0.0.1:${port}`, '127.0.0.1:8080')
    .replaceAll(`"port": ${port}`, '"port": 8080')
    .replaceAll(/"time":"[^"]+"/g, '"time":"…"')
    .replaceAll(/"ms":\d+/g, '"ms":…');

const shell = (command: string, env: NodeJS.ProcessEnv = process.env): string => {
  const {stdout, stderr} = spawnSync('sh', ['-c', command], {cwd: folder, env, encoding: 'utf8'});
  // What npm has to say of the settings of this machine.
  return `${stdout}${stderr}`.replaceAll(/^npm warn .*\n/gm, '');
};

try {
  const pack = spawnSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', root], {
    encoding: 'utf8',
  });
  const [{filename}]: [{filename: string}] = JSON.parse(pack.stdout);
  say('$ ls -A');
  const installed = shell(`npm install --prefix . --no-audit --no-fund --loglevel=error ../${filename}`);
  if (installed.includes('ERR!')) throw new Error(installed);
  say(`$ npm install ../${filename}\n${installed.trim().replace(/ in .*/, '')}`);

  const routes = {
    '/map/token': {
      type: 'token-broker',
      platform: 'onemap',
      server,
      secret: {username: viewer.username, password: {env: 'ONEMAP_PASSWORD'}},
      authorize: {public: true},
    },
  };
  const config = JSON.stringify({listen: {port}, trustProxy: ['127.0.0.1'], routes}, null, 2);
  await writeFile(join(folder, 'broker.json'), config);
  say(`$ cat broker.json\n${tidy(config)}`);

  const bare = {PATH: process.env['PATH'], HOME: process.env['HOME']};
  say(`$ npx secure-map-broker --check broker.json\n${shell('npx secure-map-broker --check broker.json', bare)}`);
  const env = {...bare, ONEMAP_PASSWORD: viewer.password};
  say('$ export ONEMAP_PASSWORD   # set by whoever starts it');
  say(`$ npx secure-map-broker --check broker.json\n${shell('npx secure-map-broker --check broker.json', env)}`);
  say('$ npx secure-map-broker broker.json');

  const program = join(folder, 'node_modules/.bin/secure-map-broker');
  const broker = spawn(program, ['broker.json'], {cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit']});
  undo.push(() => broker.kill());
  const ended = new Promise<number | null>((resolve) => void broker.once('exit', resolve));
  let log = '';
  broker.stdout.on('data', (chunk: Buffer) => void (log += chunk.toString()));
  await until('it listens', async () => log.includes('"listening"'), 30);

  const tag = `<secure-map
  platform="onemap"
  server="${server}"
  map="world"
  token-url="/map/token"
  center="10,50"
  zoom="4"
></secure-map>`;
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A map</title>
<script type="module" src="/dist/secure-map.js"></script><body>${tag}</body></html>`;
  const front = await startFront('nginx', nginx, `http://127.0.0.1:${port}`, page, {
    dist: join(folder, 'node_modules/secure-map/dist'),
    maps: server,
  });
  undo.push(() => front.close());
  const browser = await chromium.launch({executablePath: findBrowser(), args: [...browserFlags]});
  undo.push(() => browser.close());
  const tab = await browser.newPage();
  const wrong: string[] = [];
  tab.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) wrong.push(message.text());
  });
  const asked: string[] = [];
  tab.on('response', (response) => {
    const {pathname, origin} = new URL(response.url());
    if (!pathname.startsWith('/dist/'))
      asked.push(`${response.status()} ${origin === server ? 'Onemap' : 'site  '} ${pathname}`);
  });
  await tab.goto(`${front.origin}/index.html`);
  const map = tab.locator('secure-map');
  await map.evaluate((element: HTMLElementTagNameMap['secure-map']) => element.ready);
  await until(
    'a map',
    async () => onemap.requests.filter(({url, status}) => /tile|wms/i.test(url.pathname) && status === 200).length > 3,
    60,
  );
  const state = await map.evaluate((element: HTMLElementTagNameMap['secure-map']) => element.authState);
  await until('the log', async () => log.includes('/map/token'), 10);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));

  broker.kill('SIGTERM');
  const code = await ended;
  say(tidy(log));
  say(`$ echo $?\n${code}`);
  const ofPage = asked
    .filter((line) => !line.includes('favicon'))
    .map((line) => line.replace(/(\/tiles?)\/.*/, '$1/…'));
  const seen = [...new Set(ofPage)];
  const counts = seen.map((line) => `${String(ofPage.filter((other) => other === line).length).padStart(3)} × ${line}`);
  if (log.includes(viewer.password) || log.includes('eyJ')) throw new Error('a secret is in the log');
  const text = await readFile(guide, 'utf8');
  const block = `<!-- transcript -->

The page:

\`\`\`html
${tidy(tag)}
\`\`\`

The terminal, from the empty folder to the end:

\`\`\`
${lines.join('\n')}
\`\`\`

What the page asked for meanwhile (\`authState\` is \`${state}\`):

\`\`\`
${counts.join('\n')}
\`\`\`

<!-- /transcript -->`;
  await writeFile(
    guide,
    text.replace(/<!-- transcript -->[\s\S]*<!-- \/transcript -->/, () => block),
  );
  console.log(counts.join('\n'));
} finally {
  for (const step of undo.toReversed()) await step();
  await rm(root, {recursive: true, force: true});
}
