import {createHash} from 'node:crypto';
import {calculateJwkThumbprint, EmbeddedJWK, jwtVerify} from 'jose';
import type {Page} from '@playwright/test';
import {startSite} from '../e2e/support/site.js';
import type {Site} from '../e2e/support/site.js';
import {eventsOf} from '../e2e/support/recorder.js';
import {expectIdle, expectMap, expectState, pan, tagOf} from '../e2e/support/tag.js';
import {signInByPopup} from '../e2e/support/visitor.js';
import {expect, test as base} from './fixtures.js';
import type {HostileProvider} from './hostile-provider.js';
import {fetchBy, openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';
import {json} from './support/recording-server.js';
import type {Seen} from './support/recording-server.js';

const test = base.extend<object, {readonly bound: Site}>({
  bound: [
    // Playwright reads from this pattern which other fixtures are wanted.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const site = await startSite({dpop: 'nonce'});
      await use(site);
      await site.stop();
    },
    {scope: 'worker'},
  ],
});

// The hostile provider is in no policy of the site.
test.use({bypassCSP: true});

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

interface Proof {
  readonly claims: Record<string, unknown>;
  readonly thumbprint: string;
}

/** Verified with the key that it brings. */
const read = async (proof: unknown): Promise<Proof> => {
  const {payload, protectedHeader} = await jwtVerify(String(proof), EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
  });
  const jwk = protectedHeader.jwk ?? {};
  expect(Object.keys(jwk).toSorted()).toEqual(['crv', 'kty', 'x', 'y']);
  return {claims: payload, thumbprint: await calculateJwkThumbprint(jwk)};
};

/** Advertises DPoP and binds its tokens. */
const bind = (provider: HostileProvider, more = {}): void =>
  provider.behave({
    metadata: {dpop_signing_alg_values_supported: ['ES256', 'RS256']},
    tokens: {token_type: 'DPoP'},
    ...more,
  });

test('#38 with nonces from both servers every request is proven for itself, and every tile is taken', async ({
  page,
  bound,
}) => {
  bound.reset();
  const {demo} = bound;
  const sent: {url: URL; method: string; authorization: string; dpop: string}[] = [];
  page.context().on('request', (request) => {
    const {authorization = '', dpop = ''} = request.headers();
    const url = new URL(request.url());
    if (url.origin === demo.mapUrl) sent.push({url, method: request.method(), authorization, dpop});
  });
  await page.goto(
    await bound.page(`<secure-map config="{{map}}/config/world.json" authority="{{issuer}}" client-id="map-viewer"
      scope="openid profile"></secure-map>`),
  );
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await pan(tag, 1);
  await expectMap(tag);
  await expectIdle(tag);

  const ids = new Set<unknown>();
  const keys = new Set<string>();
  for (const {url, method, authorization, dpop} of sent) {
    const token = /^DPoP (\S+)$/.exec(authorization)?.[1] ?? '';
    const {claims, thumbprint} = await read(dpop);
    // A WMS request is nearly all query; none of it is in the proof.
    expect(claims).toMatchObject({htm: method, htu: url.origin + url.pathname, ath: digest(token)});
    expect(Math.abs(Number(claims['iat']) - Date.now() / 1000)).toBeLessThan(60);
    ids.add(claims['jti']);
    keys.add(thumbprint);
  }
  expect(sent.some(({url}) => url.pathname === '/wms' && url.search.length > 50)).toBe(true);
  expect(ids.size).toBe(sent.length);
  expect(keys.size).toBe(1);
  const {ok, unauthorized, requests} = demo.map.counts;
  console.log(`#38: ${requests} requests, ${ok} × 200, ${unauthorized} × 401 (the one that learnt the first nonce)`);
  expect({unauthorized, ok}).toEqual({unauthorized: 1, ok: requests - 1});
  expect(await eventsOf(page, 'layer-error')).toEqual([]);
  expect(demo.signIn.counts).toMatchObject({codeExchanges: 1, refreshes: 0});
});

const withNonce = (nonce: string): Record<string, string> => ({
  'dpop-nonce': nonce,
  'access-control-expose-headers': 'DPoP-Nonce, WWW-Authenticate',
});

test('#38 a nonce is learnt from any answer, also from 200, each origin for itself; one more try and no more', async ({
  page,
  site,
  provider,
  vault,
  attacker: other,
}) => {
  bind(provider);
  let given = 0;
  const nonceOf = async ({headers}: Seen): Promise<unknown> => (await read(headers['dpop'])).claims['nonce'];
  // Wants the newest nonce each time, and gives the next with every answer.
  vault.answer(async (request) => {
    const isFresh = (await nonceOf(request)) === `nonce-${given}`;
    given += 1;
    const headers = withNonce(`nonce-${given}`);
    if (isFresh) return json({}, 200, headers);
    return json({}, 401, {...headers, 'www-authenticate': 'DPoP error="use_dpop_nonce", algs="ES256"'});
  });
  const tag = await openMap(page, site, signedInAt(provider, `${vault.origin} ${other.origin}`));
  expect(await outcomeOf(tag)).toBe('done');
  expect(await fetchBy(tag, `${vault.origin}/1?q=1#f`)).toBe('200');
  expect(await fetchBy(tag, `${vault.origin}/2`)).toBe('200');
  expect(await fetchBy(tag, `${vault.origin}/3`)).toBe('200');
  expect(await Promise.all(vault.seen.map(nonceOf))).toEqual([undefined, 'nonce-1', 'nonce-2', 'nonce-3']);
  expect(await fetchBy(tag, `${other.origin}/1`)).toBe('200');
  expect(await Promise.all(other.seen.map(nonceOf))).toEqual([undefined]);

  // A server that is never content is asked twice and not for ever, and no token is renewed for it.
  const before = vault.seen.length;
  const renewals = provider.to('/token').length;
  vault.answer(() => {
    given += 1;
    const challenge = {'www-authenticate': 'DPoP error="use_dpop_nonce"'};
    return json({}, 401, {...withNonce(`nonce-${given}`), ...challenge});
  });
  expect(await fetchBy(tag, `${vault.origin}/4`)).toMatch(/^(401|request-failed)/);
  expect(vault.seen.length - before).toBeLessThanOrEqual(4);
  expect(provider.to('/token').length - renewals).toBeLessThanOrEqual(1);
});

test('#38 the provider’s own nonce is learnt the same way, and the code is bound to the key', async ({
  page,
  site,
  provider,
  vault,
}) => {
  bind(provider, {
    replies: {
      '/token': async ({headers}: Seen) => {
        const {claims} = await read(headers['dpop']);
        if (claims['nonce'] === 'of-the-provider') return undefined;
        return json({error: 'use_dpop_nonce'}, 400, withNonce('of-the-provider'));
      },
    },
  });
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  expect(await outcomeOf(tag, 'refresh')).toBe('done');
  const requests = provider.to('/token');
  expect(requests.map(({form}) => form.get('grant_type'))).toEqual([
    'authorization_code',
    'authorization_code',
    'refresh_token',
  ]);
  const proofs = await Promise.all(requests.map(({headers}) => read(headers['dpop'])));
  for (const {claims} of proofs) {
    expect(claims).toMatchObject({htm: 'POST', htu: `${provider.issuer}/token`});
    expect(claims['ath']).toBeUndefined();
  }
  expect(provider.to('/auth')[0]?.query.get('dpop_jkt')).toBe(proofs[0]?.thumbprint);
});

interface StoredKey {
  readonly name: string;
  readonly extractable: unknown;
  readonly exported: string;
}

/** Every key that the origin keeps, and what becomes of an attempt to read it out. */
const storedKeys = (page: Page): Promise<StoredKey[]> =>
  page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB'));
      });
    const found: StoredKey[] = [];
    for (const {name = ''} of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      for (const storeName of database.objectStoreNames) {
        const store = database.transaction(storeName).objectStore(storeName);
        const [names, values] = await Promise.all([settled(store.getAllKeys()), settled<unknown[]>(store.getAll())]);
        for (const [index, value] of values.entries()) {
          const key: unknown = Reflect.get(Object(value), 'privateKey');
          if (!(key instanceof CryptoKey)) continue;
          const attempts = await Promise.all(
            (['jwk', 'pkcs8', 'raw'] as const).map((format) =>
              crypto.subtle.exportKey(format, key).then(
                () => `${format} exported`,
                (error: unknown) => (error instanceof DOMException ? error.name : 'TypeError'),
              ),
            ),
          );
          found.push({name: JSON.stringify(names[index]), extractable: key.extractable, exported: attempts.join()});
        }
      }
      database.close();
    }
    return found;
  });

test('#38 the key signs and cannot be read out; each issuer and client has its own; a sign-out takes it away', async ({
  page,
  site,
  provider,
  stranger,
  vault,
  attacker: other,
}) => {
  bind(provider);
  bind(stranger);
  const entry = ({issuer}: HostileProvider, origin: string, client: string) => ({
    authority: issuer,
    clientId: client,
    origins: origin,
    storage: 'local',
  });
  const open = (entries: readonly object[]): Promise<ReturnType<typeof tagOf>> =>
    openMap(page, site, `credentials='${JSON.stringify(entries)}'`);
  const tag = await open([entry(provider, vault.origin, 'map-viewer'), entry(stranger, other.origin, 'map-viewer')]);
  const asked = [fetchBy(tag, `${vault.origin}/a`), fetchBy(tag, `${other.origin}/a`)];
  expect([await outcomeOf(tag), await outcomeOf(tag)]).toEqual(['done', 'done']);
  expect(await Promise.all(asked)).toEqual(['200', '200']);
  const thumbprints = await Promise.all(
    [vault, other].map(async ({seen}) => (await read(seen[0]?.headers['dpop'])).thumbprint),
  );
  expect(thumbprints[0]).not.toBe(thumbprints[1]);

  const kept = await storedKeys(page);
  expect(kept).toHaveLength(2);
  for (const {extractable, exported} of kept) {
    expect(extractable).toBe(false);
    expect(exported).not.toContain('exported');
  }
  await tag.evaluate((element: Tag) => element.logout());
  await expect.poll(() => storedKeys(page)).toEqual([]);
});

test('#39 a sign-out takes the DPoP key away in every tab, also with the network cut', async ({
  context,
  site,
  provider,
  vault,
}) => {
  bind(provider);
  const address = await site.page(
    `<secure-map ${signedInAt(provider, vault.origin, 'token-storage="local"')}></secure-map>`,
  );
  const pages = await Promise.all([context.newPage(), context.newPage()]);
  for (const page of pages) await page.goto(address);
  const [one, other] = pages;
  if (!one || !other) throw new Error('no tabs');
  expect(await outcomeOf(tagOf(one))).toBe('done');
  await expectState(tagOf(other), 'authenticated');
  expect(await fetchBy(tagOf(other), `${vault.origin}/a`)).toBe('200');
  expect(await storedKeys(other)).toHaveLength(1);
  await context.setOffline(true);
  await tagOf(one).evaluate((element: Tag) => void element.logout());
  await expectState(tagOf(one), 'signed-out');
  await expectState(tagOf(other), 'signed-out');
  await expect.poll(() => storedKeys(other)).toEqual([]);
  expect(await other.evaluate(() => localStorage.length)).toBe(0);
  // And no memory of the key is left that could prove anything.
  await context.setOffline(false);
  const before = vault.seen.length;
  void fetchBy(tagOf(other), `${vault.origin}/b`).catch(() => undefined);
  expect(await outcomeOf(tagOf(one))).toBe('done');
  await vault.until(({path}) => path === '/b');
  const keys = await Promise.all(vault.seen.map(async ({headers}) => (await read(headers['dpop'])).thumbprint));
  expect(keys[before]).not.toBe(keys[0]);
});

test('#38 a provider that does not advertise it gets no proof, and a Bearer token is used as such', async ({
  page,
  site,
  provider,
  vault,
}) => {
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  expect(await fetchBy(tag, `${vault.origin}/a`)).toBe('200');
  expect([...provider.seen, ...vault.seen].filter(({headers}) => headers['dpop'] !== undefined)).toEqual([]);
  expect(vault.seen[0]?.headers.authorization).toMatch(/^Bearer /);
});
