import assert from 'node:assert/strict';
import {createServer, type Server} from 'node:http';
import {after, before, test} from 'node:test';
import {serve} from '@hono/node-server';
import {chromium, type Browser, type Page} from '@playwright/test';
import {browserFlags, findBrowser} from '../../scripts/find-browser.js';
import {createSignIn, type Handler} from '../../src/broker/index.js';
import {startProvider, type RealProvider} from './support/oidc-provider.js';

// What only a browser can say: which cookies it takes and sends, and what it writes into `Sec-Fetch-Site`.

let browser: Browser;
let provider: RealProvider;
let server: ReturnType<typeof serve>;
let site = '';
let elsewhere: Server;
let other = '';
/** What the sign-out was asked with, and what it said. */
const signOuts: string[] = [];

const html = (body: string): Response =>
  new Response(`<!doctype html><meta charset="utf-8"><title>Site</title>${body}`, {
    headers: {'content-type': 'text/html; charset=utf-8'},
  });

const portOf = (listening: {address(): unknown}): number => (listening.address() as {port: number}).port;

before(async () => {
  let answer: Handler = () => Promise.resolve(html(''));
  server = serve({hostname: '127.0.0.1', port: 0, fetch: (request) => answer(request)});
  await new Promise((resolve) => server.once('listening', resolve));
  site = `http://localhost:${portOf(server)}`;
  provider = await startProvider({bases: [`${site}/bff`]});
  const {issuer, clientId, clientSecret} = provider;
  const cookieSecret = 'a-random-string-of-the-site-of-at-least-32-characters';
  const signIn = createSignIn({issuer, clientId, clientSecret, cookieSecret, baseUrl: `${site}/bff`});
  answer = async (request) => {
    const {pathname} = new URL(request.url);
    if (pathname.startsWith('/bff/')) {
      const response = await signIn(request);
      if (pathname === '/bff/logout') signOuts.push(`${request.method} ${response.status}`);
      return response;
    }
    return html(
      '<a id="in" href="/bff/login?returnTo=/map">in</a> <a id="out" href="/bff/logout?returnTo=/bye">out</a>',
    );
  };
  elsewhere = createServer((_request, response) => {
    response.writeHead(200, {'content-type': 'text/html'});
    response.end(
      `<!doctype html><img src="${site}/bff/logout?image"><a href="${site}/bff/logout">visit</a>`
        + `<form method="post" action="${site}/bff/logout"><button>post</button></form>`,
    );
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  other = `http://127.0.0.1:${portOf(elsewhere)}`;
  browser = await chromium.launch({executablePath: findBrowser(), args: [...browserFlags]});
});

after(async () => {
  await browser.close();
  server.close();
  elsewhere.closeAllConnections();
  elsewhere.close();
  await provider.close();
});

const signedIn = async (): Promise<Page> => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(site);
  await page.click('#in');
  await page.waitForURL(`${site}/map`);
  return page;
};

const session = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    const answer = (await (await fetch('/bff/session', {redirect: 'manual'})).json()) as Record<string, unknown>;
    return answer['authenticated'];
  });

test('a browser keeps the session, and shows it to no script', async () => {
  const page = await signedIn();
  assert.equal(await session(page), true);
  assert.equal(await page.evaluate(() => document.cookie), '');
  const cookies = await page.context().cookies(site);
  assert.deepEqual(cookies.map(({name, httpOnly, sameSite}) => `${name} ${httpOnly} ${sameSite}`).toSorted(), [
    'secure-map.bff true Lax',
    'secure-map.bff~seen true Lax',
  ]);
  await page.context().close();
});

test('no image, link or form of another site signs the visitor out', async () => {
  const page = await signedIn();
  signOuts.length = 0;
  await page.goto(other);
  for (const what of ['a', 'button']) {
    await page.goto(other);
    await page.click(what);
    await page.waitForURL(`${site}/bff/logout`);
  }
  // The image three times, each with its page; then the link and the form.
  assert.deepEqual(signOuts, ['GET 403', 'GET 403', 'GET 403', 'GET 403', 'POST 403'].toSorted());
  await page.goto(site);
  assert.equal(await session(page), true);
  await page.context().close();
});

test('a script of the page signs out', async () => {
  const page = await signedIn();
  const status = await page.evaluate(
    async () => (await fetch('/bff/logout', {method: 'POST', headers: {'x-requested-with': 'secure-map'}})).status,
  );
  assert.equal(status, 204);
  assert.equal(await session(page), false);
  assert.deepEqual(await page.context().cookies(site), []);
  await page.context().close();
});

test('a window that the page opens signs out at the provider, and comes back', async () => {
  const page = await signedIn();
  const opened = page.waitForEvent('popup');
  // As the tag does it: the window first, in the turn of the click.
  await page.evaluate(() => open('about:blank')?.location.replace('/bff/logout?returnTo=/bye'));
  const popup = await opened;
  await popup.click('button[value=yes]');
  await popup.waitForURL(`${site}/bye`);
  assert.equal(await session(page), false);
  provider.account = 'ben';
  await page.click('#in');
  await page.waitForURL(`${site}/map`);
  const who = await page.evaluate(async () => (await fetch('/bff/session')).json());
  assert.equal((who as {user: {sub: string}}).user.sub, 'ben');
  await page.context().close();
});
