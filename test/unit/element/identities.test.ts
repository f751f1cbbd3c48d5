import {expect, oneEvent} from '@open-wc/testing';
import {SecureMap} from '../../../src/secure-map.js';

if (!customElements.get('secure-map')) customElements.define('secure-map', SecureMap);

/** Every request of the tags in this file, as `origin → Authorization`. */
const sent: string[] = [];
const network = globalThis.fetch;

const answer = (url: URL): Response => {
  if (url.pathname === '/token') return Response.json({access_token: 'BROKER', expires_in: 600});
  if (url.pathname === '/map.json') return Response.json({title: `Map of ${sent.at(-1)}`, layers: []});
  return new Response('ok');
};

const aMap = async (fields: Readonly<Record<string, unknown>>): Promise<SecureMap> => {
  const map = document.createElement('secure-map');
  Object.assign(map, {controls: 'none', ...fields});
  document.body.append(map);
  await map.ready;
  return map;
};

const ask = async (map: SecureMap, url: string): Promise<string | undefined> => {
  await map.fetch(url);
  return sent.at(-1);
};

describe('the identities of a map', () => {
  beforeEach(() => {
    sent.length = 0;
    globalThis.fetch = (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      if (url.hostname.endsWith('.example'))
        sent.push(`${url.origin} ${request.headers.get('authorization') ?? 'bare'}`);
      return url.hostname.endsWith('.example') || url.pathname === '/token'
        ? Promise.resolve(answer(url))
        : network(input, init);
    };
  });

  afterEach(() => {
    globalThis.fetch = network;
    for (const map of document.querySelectorAll('secure-map')) map.remove();
  });

  it('takes a token that is set when the map is there already, by property and by attribute', async () => {
    const map = await aMap({allowedOrigins: 'https://own.example'});
    expect(await ask(map, 'https://own.example/x')).to.equal('https://own.example bare');
    map.token = 'FIRST';
    await map.updateComplete;
    expect(await ask(map, 'https://own.example/x')).to.equal('https://own.example Bearer FIRST');
    map.setAttribute('token', 'SECOND');
    expect(map.hasAttribute('token')).to.equal(false);
    await oneEvent(map, 'token-refreshed');
    expect(await ask(map, 'https://own.example/x')).to.equal('https://own.example Bearer SECOND');
  });

  it('gives the token of the tag to no other identity, however late it comes', async () => {
    const map = await aMap({
      allowedOrigins: 'https://own.example',
      credentials: [{origins: 'https://b.example', tokenUrl: '/token'}],
    });
    for (const token of ['OWN-1', 'OWN-2']) {
      map.token = token;
      await (token === 'OWN-1' ? map.updateComplete : oneEvent(map, 'token-refreshed'));
      expect(await ask(map, 'https://own.example/x')).to.equal(`https://own.example Bearer ${token}`);
      expect(await ask(map, 'https://b.example/x')).to.equal('https://b.example Bearer BROKER');
    }
    expect(await ask(map, 'https://c.example/x')).to.equal('https://c.example bare');
  });

  it('does not sign in again by itself when something else of the tag changes after the sign-out', async () => {
    const map = await aMap({token: 'ANNA', allowedOrigins: 'https://own.example'});
    expect(await ask(map, 'https://own.example/x')).to.equal('https://own.example Bearer ANNA');
    await map.logout();
    map.allowedOrigins = 'https://own.example https://more.example';
    map.config = {layers: []};
    await map.updateComplete;
    expect(map.authState).to.equal('signed-out');
    const count = sent.length;
    const stop = new AbortController();
    const waiting = map.fetch('https://own.example/x', {signal: stop.signal}).catch((error: unknown) => error);
    stop.abort();
    await waiting;
    expect(sent).to.have.length(count);
  });

  const changes: Readonly<Record<string, (map: SecureMap) => void>> = {
    'where it is kept': (map) => (map.tokenStorage = 'session'),
    'a wrong value that is mended': (map) => {
      map.setAttribute('token-storage', 'cellar');
      void map.updateComplete.then(() => map.setAttribute('token-storage', 'memory'));
    },
    'how it travels': (map) => (map.tokenTransport = 'query'),
    'another identity': (map) => (map.credentials = [{origins: 'https://b.example', tokenUrl: '/token'}]),
    'the attribute of the identities': (map) =>
      map.setAttribute('credentials', '[{"origins":"https://b.example","tokenUrl":"/token"}]'),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`does not take a token again that the visitor signed out of: ${what}`, async () => {
      const map = await aMap({token: 'ANNA', allowedOrigins: 'https://own.example'});
      await ask(map, 'https://own.example/x');
      await map.logout();
      sent.length = 0;
      change(map);
      for (let turn = 0; turn < 3; turn += 1) await map.updateComplete;
      expect(map.authState).to.equal('signed-out');
      // Also when the page asks for it, which only the page can answer.
      await map.login().catch(() => undefined);
      map.refreshSkew = 7;
      await map.updateComplete;
      const waiting = map.fetch('https://own.example/x');
      await map.refresh().catch(() => undefined);
      expect(sent.filter((line) => line.includes('own.example'))).to.deep.equal([]);
      map.token = 'ANNA';
      expect((await waiting).ok).to.equal(true);
    });
  }

  it('takes the token of an identity again only when the page gives another, or names the identity anew', async () => {
    const entry = (token: string) => ({origins: 'https://b.example', token});
    const map = await aMap({credentials: [entry('ANNA')]});
    await ask(map, 'https://b.example/x');
    await map.logout();
    sent.length = 0;
    map.credentials = [{origins: 'https://c.example', tokenUrl: '/token'}, entry('ANNA')];
    await map.updateComplete;
    await map.refresh().catch(() => undefined);
    expect(sent).to.deep.equal([]);
    map.credentials = [entry('BOB')];
    await map.updateComplete;
    expect(await ask(map, 'https://b.example/x')).to.equal('https://b.example Bearer BOB');
    map.credentials = [entry('ANNA')];
    await map.updateComplete;
    expect(await ask(map, 'https://b.example/x')).to.equal('https://b.example Bearer ANNA');
  });

  const written: Readonly<Record<string, string>> = {
    plainly: '[{"origins":"https://b.example","token":"SECRET"}]',
    'beside others':
      '[{"origins":"https://c.example","tokenUrl":"/token"},{"token" : "SECRET","origins":"https://b.example"}]',
    'with a name in disguise': '[{"origins":"https://b.example","\\u0074oken":"SECRET"}]',
    'in an object': '[{"origins":"https://b.example","token":{"value":"SECRET"}}]',
    'as what is no JSON': `[{origins: 'https://b.example', token: 'SECRET'}]`,
  };
  for (const [how, text] of Object.entries(written)) {
    it(`leaves no token of the attribute "credentials" in the markup, and takes none: ${how}`, async () => {
      const holder = document.createElement('div');
      document.body.append(holder);
      const errors: string[] = [];
      holder.addEventListener('secure-map-error', ({error}) => errors.push(`${error.code} ${error.message}`));
      const attribute = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
      holder.innerHTML = `<secure-map controls="none" credentials="${attribute}"></secure-map>`;
      const map = holder.querySelector('secure-map');
      if (!map) throw new Error('There is no map.');
      expect(holder.outerHTML).not.to.contain('SECRET');
      await map.ready;
      expect(JSON.stringify(map.credentials)).not.to.contain('SECRET');
      expect(errors).to.have.length(1);
      expect(errors[0]).to.match(
        /^invalid-attribute credentials(\[\d\]\.token: is not taken from markup|: wrong value)/,
      );
      expect(errors[0]).not.to.contain('SECRET');
      expect(await ask(map, 'https://b.example/x')).to.equal('https://b.example bare');
      map.setAttribute('credentials', text);
      expect(holder.outerHTML).not.to.contain('SECRET');
      holder.remove();
    });
  }

  it('leaves an attribute "credentials" without a token as it was written', async () => {
    const text = '[ {"origins": "https://b.example",  "tokenUrl": "/token"} ]';
    const map = await aMap({});
    map.setAttribute('credentials', text);
    await map.updateComplete;
    expect(map.getAttribute('credentials')).to.equal(text);
    expect(await ask(map, 'https://b.example/x')).to.equal('https://b.example Bearer BROKER');
  });

  it('lets no token land after the sign-out that came after it', async () => {
    const map = await aMap({token: 'ANNA', allowedOrigins: 'https://own.example'});
    await ask(map, 'https://own.example/x');
    // A JWT, whose end is looked up in a part that has to be loaded first.
    map.token = 'eyJhbGciOiJub25lIn0.eyJleHAiOjk5OTk5OTk5OTl9.x';
    await map.updateComplete;
    await map.logout();
    await import('../../../src/credentials/jwt-expiry.js');
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(map.authState).to.equal('signed-out');
  });

  it('lets maps with one function share what it gives, but no token of a type that was not asked for', async () => {
    let calls = 0;
    const getToken = () => {
      calls += 1;
      return {token: 'BEARER', expiresIn: 600};
    };
    const [one, other] = [
      await aMap({getToken, allowedOrigins: 'https://own.example'}),
      await aMap({getToken, allowedOrigins: 'https://own.example'}),
    ];
    expect(await ask(one, 'https://own.example/x')).to.equal('https://own.example Bearer BEARER');
    expect(await ask(other, 'https://own.example/x')).to.equal('https://own.example Bearer BEARER');
    expect(calls).to.equal(1);
    const signing = await aMap({getToken, tokenTransport: 'mac', allowedOrigins: 'https://own.example'});
    const told = new Promise<string>((resolve) =>
      signing.addEventListener('secure-map-error', ({error}) => resolve(error.message), {once: true}),
    );
    void signing.fetch('https://own.example/x').catch(() => undefined);
    expect(await told).to.contain('token type');
    expect(sent).to.have.length(2);
    expect(one.authState).to.equal('authenticated');
  });

  it('signs requests with the key of a function that another map asks for tokens', async () => {
    const getToken = () => ({token: 'ID', type: 'mac', macKey: 'key', macAlgorithm: 'hmac-sha-256'});
    const bearer = await aMap({getToken, allowedOrigins: 'https://own.example'});
    void bearer.fetch('https://own.example/x').catch(() => undefined);
    await oneEvent(bearer, 'secure-map-error');
    const signing = await aMap({getToken, tokenTransport: 'mac', allowedOrigins: 'https://own.example'});
    expect(await ask(signing, 'https://own.example/x')).to.match(/^https:\/\/own\.example MAC id="ID"/);
    await signing.logout();
    sent.length = 0;
    signing.tokenStorage = 'session';
    await signing.updateComplete;
    expect(signing.authState).to.equal('signed-out');
    await signing.refresh().catch(() => undefined);
    expect(sent).to.deep.equal([]);
  });

  it('keeps nothing of the visitor before when the source is changed in two steps', async () => {
    const map = await aMap({
      token: 'ANNA',
      allowedOrigins: 'https://own.example',
      config: 'https://own.example/map.json',
    });
    const label = (): string | null | undefined => map.renderRoot.querySelector('#map')?.getAttribute('aria-label');
    await map.updateComplete;
    expect(label()).to.contain('Bearer ANNA');
    map.tokenUrl = '/token';
    await map.updateComplete;
    await map.updateComplete;
    expect(label()).not.to.contain('ANNA');
  });

  it('shows nothing of the visitor before who left while the map was out of the page', async () => {
    const getToken = (): string => 'ANNA';
    const shared = {getToken, allowedOrigins: 'https://own.example', config: 'https://own.example/map.json'};
    const [one, other] = [await aMap(shared), await aMap(shared)];
    const label = (): string | null | undefined => one.renderRoot.querySelector('#map')?.getAttribute('aria-label');
    await one.updateComplete;
    expect(label()).to.contain('Bearer ANNA');
    one.remove();
    await Promise.resolve();
    await other.logout();
    document.body.append(one);
    await one.updateComplete;
    await one.updateComplete;
    expect(label()).not.to.contain('ANNA');
    expect(one.authState).to.equal('signed-out');
  });

  it('follows the origins that the page allows later, with the same credential', async () => {
    const map = await aMap({token: 'ANNA', allowedOrigins: 'https://own.example'});
    expect(await ask(map, 'https://more.example/x')).to.equal('https://more.example bare');
    map.allowedOrigins = 'https://more.example';
    await map.updateComplete;
    expect(await ask(map, 'https://more.example/x')).to.equal('https://more.example Bearer ANNA');
    expect(await ask(map, 'https://own.example/x')).to.equal('https://own.example bare');
  });
});
