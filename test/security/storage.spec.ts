import {readFileSync} from 'node:fs';
import type {Page} from '@playwright/test';
import {eventsOf} from '../e2e/support/recorder.js';
import {findIn, placesOf} from '../e2e/support/scan.js';
import {listenForSecrets} from '../e2e/support/secrets.js';
import {expectMap, messageOf, pan, signOutButton, tagOf} from '../e2e/support/tag.js';
import {signInByPopup} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';
import {fetchBy, mistakeIn, openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';
import {createGate} from './support/recording-server.js';

test.use({bypassCSP: true});

test('#31 by default: after sign-in, use, renewal, trouble and sign-out every place is free of secrets', async ({
  page,
  context,
  demo,
}) => {
  const secrets = listenForSecrets(context, demo);
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  const look = async (when: string): Promise<void> => {
    await secrets.settled();
    expect(findIn(await placesOf(page, secrets.console), secrets.found), when).toEqual([]);
  };
  await signInByPopup(page, tag);
  await expectMap(tag);
  await look('signed in');
  demo.map.expireTokens();
  await pan(tag, 1);
  await expectMap(tag);
  await look('renewed');
  demo.signIn.setFault(({path}) => (path === '/token' ? {status: 500} : undefined));
  await outcomeOf(tag, 'refresh');
  await look('in trouble');
  demo.signIn.setFault(null);
  await signOutButton(tag).click();
  await expect.poll(() => demo.signIn.counts.revocations).toBe(1);
  await look('signed out');
  for (const [name, values] of Object.entries(secrets.found)) expect(values, name).not.toEqual([]);
});

for (const storage of ['session', 'local'] as const) {
  const other = storage === 'session' ? 'localStorage' : 'sessionStorage';
  test(`#31 token-storage="${storage}" keeps it in that storage and nowhere else, until the sign-out`, async ({
    page,
    context,
    site,
    provider,
    vault,
  }) => {
    const lines: string[] = [];
    context.on('console', (message) => lines.push(message.text()));
    const tag = await openMap(page, site, signedInAt(provider, vault.origin, `token-storage="${storage}"`));
    expect(await outcomeOf(tag)).toBe('done');
    expect(await fetchBy(tag, `${vault.origin}/a`)).toBe('200');
    expect(await outcomeOf(tag, 'refresh')).toBe('done');
    const tokens = provider.secrets.filter((secret) => /^(access|refresh)/.test(secret));
    expect(tokens).toHaveLength(4);
    const found = findIn(await placesOf(page, lines), {token: tokens});
    expect(found).toEqual([`${storage}Storage: token`]);
    // Nothing of the one before is kept.
    expect(findIn(await placesOf(page, lines), {token: tokens.slice(0, 2)})).toEqual([]);
    expect((await placesOf(page, []))[other]).toBe('');

    await tag.evaluate((element: Tag) => element.logout());
    expect(findIn(await placesOf(page, lines), {token: provider.secrets})).toEqual([]);
  });
}

test('#31 a storage that is misspelt is a mistake that is told, and nothing is kept', async ({
  page,
  site,
  provider,
  vault,
}) => {
  for (const value of ['Local', 'localStorage', 'cookie', 'indexeddb', 'yes']) {
    const tag = await openMap(page, site, signedInAt(provider, vault.origin, `token-storage="${value}"`));
    expect(await mistakeIn(page)).toEqual([expect.stringContaining('token-storage')]);
    expect(await outcomeOf(tag)).toBe('login-refused');
  }
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});

test('#31 what a storage costs is written down', () => {
  const text = ['SECURITY.md', 'README.md', 'docs/reference.md']
    .map((path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
  expect(text).toContain('token-storage');
  expect(text).toMatch(/any script of (the|your) (page’s|page's)? ?origin can read/);
});

test('#32 a token attribute is gone from the DOM before anybody looks, also when it is set later', async ({
  page,
  site,
  vault,
}) => {
  const snapshots = (): Promise<string[]> =>
    page.evaluate(() => [document.documentElement.outerHTML, document.querySelector('secure-map')?.outerHTML ?? '']);
  const tag = await openMap(page, site, `token="canary-token-1" allowed-origins="${vault.origin}"`);
  expect(await fetchBy(tag, `${vault.origin}/1`)).toBe('200');
  expect((await snapshots()).join()).not.toContain('canary');

  // Gone in the very turn in which it was set.
  const left = await tag.evaluate((element) => {
    element.setAttribute('token', 'canary-token-2');
    return element.getAttribute('token');
  });
  expect(left).toBeNull();
  await expect.poll(() => fetchBy(tag, `${vault.origin}/2`)).toBe('200');
  await expect
    .poll(async () => {
      await fetchBy(tag, `${vault.origin}/3`);
      return vault.seen.at(-1)?.headers.authorization;
    })
    .toBe('Bearer canary-token-2');
  expect((await snapshots()).join()).not.toContain('canary');

  // By the property: neither read back nor reflected.
  const read = await tag.evaluate((element: Tag) => {
    element.token = 'canary-token-3';
    return [element.token, element.outerHTML];
  });
  expect(read[0]).toBeUndefined();
  expect(read[1]).not.toContain('canary');
  expect(findIn(await placesOf(page, []), {token: ['canary-token']})).toEqual([]);
});

test('#32 a token of the markup that nobody can use is not quoted', async ({page, site, vault}) => {
  const tag = await openMap(page, site, `token="canary of two words" allowed-origins="${vault.origin}"`);
  await expect(messageOf(tag)).toContainText('the token has a space');
  expect(findIn(await placesOf(page, []), {token: ['canary of']})).toEqual([]);
  expect((await eventsOf(page, 'secure-map-error')).length).toBe(1);
});

/** What stands in localStorage at the moment when a request goes out. */
const watchRequests = async (page: Page, origin: string): Promise<void> => {
  await page.addInitScript((to) => {
    const sent: [string | null, string][] = [];
    const {fetch} = window;
    Object.assign(window, {
      sent,
      fetch: (input: RequestInfo | URL, init?: RequestInit) => {
        const request = new Request(input, init);
        if (request.url.startsWith(to)) sent.push([request.headers.get('authorization'), JSON.stringify(localStorage)]);
        return fetch(request);
      },
    });
  }, origin);
};

test('#35 by the time a request goes out with a new token, its refresh token is stored', async ({
  page,
  site,
  provider,
  vault,
}) => {
  await watchRequests(page, vault.origin);
  provider.behave({
    tokens: (_, count) => ({access_token: `access-${count}`, refresh_token: `refresh-canary-${count}`}),
  });
  let refused = '';
  vault.answer(({headers: {authorization = ''}}) => {
    refused ||= authorization;
    return authorization === refused ? {status: 401} : undefined;
  });
  const tag = await openMap(page, site, signedInAt(provider, vault.origin, 'token-storage="local"'));
  expect(await outcomeOf(tag)).toBe('done');
  expect(await fetchBy(tag, `${vault.origin}/a`)).toBe('200');
  const sent = await page.evaluate(() => Reflect.get(window, 'sent') as [string, string][]);
  expect(sent).toHaveLength(2);
  for (const [authorization, stored] of sent) {
    const number = /access-(\d+)/.exec(authorization)?.[1] ?? 'none';
    expect(stored).toContain(`refresh-canary-${number}`);
  }
  expect(sent[0]?.[0]).not.toBe(sent[1]?.[0]);
});

/** A tab in which a minute is over in ten seconds. A server has still two of them to answer in, on any machine. */
const hurry = (): void => {
  const {now} = Date;
  const begin = now();
  Date.now = () => begin + (now() - begin) * 6;
  const {setTimeout} = window;
  Object.assign(window, {setTimeout: (task: () => void, delay = 0) => setTimeout(task, delay / 6)});
};

test('#35 an answer that comes in after another tab has renewed changes nothing: the later token stays', async ({
  page,
  context,
  site,
  provider,
  vault,
}) => {
  const attributes = signedInAt(provider, vault.origin, 'token-storage="local"');
  const address = await site.page(`<secure-map ${attributes}></secure-map>`);
  await page.goto(address);
  expect(await outcomeOf(tagOf(page))).toBe('done');

  const late = createGate();
  const renewals = (): number => provider.to('/token').length - 1;
  provider.behave({
    tokens: (_, count) => ({access_token: `access-${count}`, expires_in: 3600}),
    replies: {'/token': () => (renewals() === 1 ? late.opened : undefined)},
  });
  void outcomeOf(tagOf(page), 'refresh').catch(() => undefined);
  await expect.poll(renewals).toBe(1);
  // Frozen inside the lock, with its request under way.
  const session = await context.newCDPSession(page);
  await session.send('Page.setWebLifecycleState', {state: 'frozen'});

  const other = await context.newPage();
  await other.addInitScript(hurry);
  await other.goto(address);
  // By its own clock: the token of the sign-in lasts a minute.
  const read = (): Promise<string> => other.evaluate(() => JSON.stringify(localStorage));
  await expect.poll(read, {timeout: 30_000}).toMatch(/access-\d+/);
  expect(renewals()).toBe(2);
  const kept = await read();

  const answered = page.waitForResponse((response) => response.url() === `${provider.issuer}/token`);
  late.open();
  await session.send('Page.setWebLifecycleState', {state: 'active'});
  await answered;
  // Whatever the late answer does, it has done when the tab can be spoken to again and has its token.
  expect(await fetchBy(tagOf(page), `${vault.origin}/after`)).toBe('200');
  expect(await read()).toBe(kept);
  const token = /"token":"([^"]+)"/.exec(kept.replaceAll('\\', ''))?.[1] ?? 'none';
  expect(vault.seen.at(-1)?.headers.authorization).toBe(`Bearer ${token}`);
});
