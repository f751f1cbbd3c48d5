import {expect, oneEvent, waitUntil} from '@open-wc/testing';
import {platformNames} from '../../src/platforms/registry.js';
import type {SecureMap} from '../../src/secure-map.js';
import {isDrawn, platformPage, type HostAnswer, type PlatformPage} from '../doubles/platform-page.js';
import {platformFixtures, SERVER, type PlatformFixture} from './platform-fixtures.js';

const patience = {timeout: 9000};

describe('every platform', () => {
  it('has a fixture', () => expect(Object.keys(platformFixtures).sort()).to.eql(platformNames.toSorted()));
});

for (const [platform, fixtures] of Object.entries(platformFixtures)) {
  for (const fixture of fixtures) {
    const {mapName, platformOptions} = fixture.tag;
    describe(`the platform ${platform} with ${mapName} ${JSON.stringify(platformOptions ?? {})}`, () =>
      suite(platform, fixture));
  }
}

function suite(platform: string, {tag, answer, tokenOf, withoutServer}: PlatformFixture): void {
  let page: PlatformPage;
  let asked: string[];

  /** The platform's server takes the tokens that `accepts` says. */
  const open = (accepts: (token: string | null) => boolean, other?: HostAnswer): void => {
    asked = [];
    page = platformPage((request, url) => {
      if (url.origin !== SERVER) return other?.(request, url) ?? new Response('{}');
      return accepts(tokenOf(request)) ? answer(url) : new Response('', {status: 401});
    });
  };
  /** Gives `t1`, `t2`, …, each for so many seconds. */
  const tokens = (expiresIn?: number) => ({
    getToken: ({reason}: {reason: string}) => {
      asked.push(reason);
      return {token: `t${asked.length}`, ...(expiresIn === undefined ? {} : {expiresIn})};
    },
  });
  const put = (fields: object): Promise<SecureMap> => page.put({platform, server: SERVER, ...tag, ...fields});
  const drawn = (map: SecureMap): Promise<void> => waitUntil(() => isDrawn(map), 'the map is drawn', patience);

  afterEach(() => page.close());

  it('is drawn, with the credential on every request of it', async () => {
    open((token) => token === 't1');
    await drawn(await put(tokens()));
    expect(page.errors).to.eql([]);
    expect(page.sent.length).to.be.greaterThan(0);
    expect(new Set(page.sent.map(tokenOf))).to.eql(new Set(['t1']));
    expect(asked).to.eql(['initial']);
  });

  it('sends the credential to no other origin', async () => {
    open((token) => token === 't1');
    const map = await put(tokens());
    await drawn(map);
    await map.addLayer({type: 'geojson', url: 'https://elsewhere.example/points.json'}).catch(() => undefined);
    await map.fetch('https://elsewhere.example/more');
    const foreign = page.sent.filter(({url}) => new URL(url).origin !== SERVER);
    expect(foreign.length).to.be.greaterThan(0);
    for (const request of foreign) {
      expect(tokenOf(request)).to.equal(null);
      expect(`${request.url} ${[...request.headers].join()}`).not.to.contain('t1');
    }
  });

  it('heals a refused credential with one new one', async () => {
    open((token) => token === 't2');
    await drawn(await put(tokens()));
    expect(page.errors).to.eql([]);
    expect(new Set(page.sent.map(tokenOf))).to.eql(new Set(['t1', 't2']));
    expect(asked).to.eql(['initial', 'unauthorized']);
  });

  it('has a new credential before the one before ends', async () => {
    open((token) => token !== null);
    const map = await put(tokens(2));
    await drawn(map);
    await oneEvent(map, 'token-refreshed');
    await map.fetch(`${SERVER}/more`);
    const last = page.sent.at(-1);
    expect(last && tokenOf(last)).to.equal(`t${asked.length}`);
    expect(asked.slice(0, 2)).to.eql(['initial', 'expiring']);
    expect(page.errors).to.eql([]);
  });

  it('shows nothing of it to a visitor whom the site refuses, and asks for the sign-in', async () => {
    open(
      (token) => token !== null,
      () => new Response('', {status: 403}),
    );
    const required: Event[] = [];
    const listen = (event: Event): void => void required.push(event);
    addEventListener('auth-required', listen);
    try {
      // Of its own: tags with the same one share a session, which asks the visitor once.
      const map = await put({tokenUrl: `https://site.example/map-token/${crypto.randomUUID()}`});
      await waitUntil(() => required.length > 0, 'the sign-in is asked for', patience);
      expect(map.authState).to.equal('anonymous');
      expect(isDrawn(map)).to.equal(false);
      expect(page.sent.filter(({url}) => url.startsWith(SERVER))).to.eql([]);
    } finally {
      removeEventListener('auth-required', listen);
    }
  });

  it('is taken off the page when the visitor signs out', async () => {
    open((token) => token === 't1');
    const map = await put(tokens());
    await drawn(map);
    const before = page.sent.length;
    await map.logout();
    await waitUntil(() => !isDrawn(map), 'nothing is left', patience);
    expect(map.authState).to.equal('signed-out');
    expect(map.map.getAllLayers()).to.eql([]);
    expect(page.sent.length).to.equal(before);
  });

  it('says in words which option it does not have', async () => {
    open(() => true);
    const map = await put({platformOptions: {...tag.platformOptions, nonsense: 1}});
    expect(page.errors.length).to.equal(1);
    expect(page.errors[0]).to.match(
      /^invalid-attribute: platform-options\.nonsense: is not known here\. (Allowed: \w+|This platform has no options)/,
    );
    expect(page.sent).to.eql([]);
    expect(map.shadowRoot?.textContent).to.contain('platform-options.nonsense');
  });

  it('says in words that it needs a server and a map', async () => {
    open(() => true);
    await put({server: undefined});
    await put({mapName: undefined});
    expect(page.errors.map((error) => error.replace(/:[^:]*$/, ''))).to.eql([
      withoutServer ?? `invalid-attribute: server: is required with the platform "${platform}"`,
      `invalid-attribute: map: is required with the platform "${platform}"`,
    ]);
    expect(page.sent).to.eql([]);
  });

  it('says what the server refuses to tell the page', async () => {
    page = platformPage(() => Response.json({error: {code: 400, errorMsg: 'There is no such map'}}, {status: 400}));
    const told: string[] = [];
    const listen = ({message}: {message?: string}): void => void told.push(String(message));
    addEventListener('layer-error', listen as EventListener);
    try {
      await put({getToken: () => 't1'});
      await waitUntil(() => [...told, ...page.errors].length > 0, 'it is told', patience);
      expect([...told, ...page.errors][0]).to.contain('There is no such map');
    } finally {
      removeEventListener('layer-error', listen as EventListener);
    }
  });
}
