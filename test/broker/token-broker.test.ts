import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {inspect} from 'node:util';
import {createTokenBroker} from '../../src/broker/index.js';

const PAGE = 'https://page.example';
const URL_OF_BROKER = 'https://site.example/token';

const open = (
  options: {readonly origins?: readonly string[]; readonly authorize?: (request: Request) => boolean} = {},
) => {
  const asked: string[] = [];
  const broker = createTokenBroker({
    platform: 'spectrum',
    server: 'https://spectrum.example',
    secret: {username: 'geo', password: 'password'},
    authorize: () => true,
    fetch: (input) => {
      asked.push(new Request(input).url);
      return Promise.resolve(Response.json({access_token: `token.${asked.length}`, username: 'geo'}));
    },
    ...options,
  });
  const ask = (init: RequestInit = {}): Promise<Response> => broker(new Request(URL_OF_BROKER, init));
  return {asked, broker, ask};
};

const preflight: RequestInit = {
  method: 'OPTIONS',
  headers: {origin: PAGE, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization'},
};

describe('the token broker', () => {
  it('answers GET and POST, and says so to other methods', async () => {
    const {ask, asked} = open();
    for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']) {
      const response = await ask({method});
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'GET, POST');
    }
    assert.equal(asked.length, 0);
  });

  it('answers under any path', async () => {
    const {broker} = open();
    assert.equal((await broker(new Request('https://site.example/a/b/c?x=1'))).status, 200);
  });

  it('asks the site with the request as it came', async () => {
    const seen: string[] = [];
    const {ask} = open({
      authorize: ({url, method, headers}) => {
        seen.push(`${method} ${url} ${headers.get('cookie')}`);
        return true;
      },
    });
    await ask({headers: {cookie: 'session=1'}});
    assert.deepEqual(seen, [`GET ${URL_OF_BROKER} session=1`]);
  });

  it('takes what the browser calls same-origin or typed in', async () => {
    const {ask} = open();
    for (const headers of [
      {'sec-fetch-site': 'same-origin'},
      {'sec-fetch-site': 'none'},
      // As a proxy in front that ends TLS makes it look.
      {'sec-fetch-site': 'same-origin', origin: 'https://public.example'},
      {origin: 'https://site.example'},
    ])
      assert.equal((await ask({headers})).status, 200);
  });

  it('answers a listed origin with CORS, and varies by it', async () => {
    const {ask} = open({origins: [PAGE]});
    const response = await ask({headers: {origin: PAGE, 'sec-fetch-site': 'cross-site'}});
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('access-control-allow-origin'), PAGE);
    assert.equal(response.headers.get('access-control-allow-credentials'), 'true');
    assert.equal(response.headers.get('vary'), 'Origin');
    assert.equal((await ask()).headers.get('access-control-allow-origin'), null);
  });

  it('lets a listed page read that nobody is signed in', async () => {
    const {ask} = open({origins: [PAGE], authorize: () => false});
    const response = await ask({headers: {origin: PAGE}});
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('access-control-allow-origin'), PAGE);
  });

  it('answers a preflight without asking who is there: browsers send no cookies with it', async () => {
    const {ask} = open({origins: [PAGE], authorize: () => assert.fail('the site was asked')});
    const response = await ask(preflight);
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('access-control-allow-origin'), PAGE);
    assert.equal(response.headers.get('access-control-allow-methods'), 'GET, POST');
    assert.match(response.headers.get('access-control-allow-headers') ?? '', /\bauthorization\b/);
  });

  it('refuses the preflight of any other origin', async () => {
    for (const origins of [[], ['https://elsewhere.example']]) {
      const {ask, asked} = open({origins});
      const response = await ask(preflight);
      assert.equal(response.status, 403);
      assert.equal(response.headers.get('access-control-allow-origin'), null);
      assert.equal(asked.length, 0);
    }
  });

  it('lets go of a visitor who leaves, and not of the others', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const errors: unknown[] = [];
    const broker = createTokenBroker({
      platform: 'spectrum',
      server: 'https://spectrum.example',
      secret: {username: 'geo', password: 'password'},
      authorize: () => true,
      onError: (error) => void errors.push(error),
      fetch: async () => {
        await held;
        return Response.json({access_token: 'token', username: 'geo'});
      },
    });
    const leaving = new AbortController();
    const gone = broker.credential(new Request(URL_OF_BROKER), {signal: leaving.signal});
    const closed = broker(new Request(URL_OF_BROKER, {signal: leaving.signal}));
    const staying = broker(new Request(URL_OF_BROKER));
    const left = assert.rejects(gone, {name: 'AbortError'});
    leaving.abort();
    await left;
    assert.equal((await closed).status, 400);
    release();
    assert.equal((await staying).status, 200);
    assert.deepEqual(errors, []);
  });

  it('gives another handler its credential, for visitors who may', async () => {
    const {broker} = open({authorize: ({headers}) => headers.has('cookie')});
    assert.equal(await broker.credential(new Request(URL_OF_BROKER)), undefined);
    const credential = await broker.credential(new Request(URL_OF_BROKER, {headers: {cookie: 'session=1'}}));
    assert.equal(credential?.token, 'token.1');
    assert.equal(broker.platform, 'spectrum');
  });

  it('says that a secret cannot be sent, and not which', async () => {
    const errors: unknown[] = [];
    const broker = createTokenBroker({
      platform: 'spatial-studio',
      server: 'https://studio.example',
      secret: {generatorToken: 'generator-canary\nsecond-line'},
      authorize: () => true,
      onError: (error) => void errors.push(error),
    });
    const response = await broker(new Request(URL_OF_BROKER));
    assert.equal(response.status, 502);
    assert.equal(errors.length, 1);
    assert.match(inspect(errors), /a character that cannot be sent/);
    assert.doesNotMatch(inspect(errors, {depth: 8, showHidden: true}), /canary/);
  });

  it('is not filled up for good by a visitor who makes up origins', async () => {
    let now = 0;
    let asked = 0;
    const broker = createTokenBroker({
      platform: 'supermap-iserver',
      server: 'https://iserver.example',
      secret: {username: 'geo', password: 'password'},
      authorize: () => true,
      now: () => now,
      fetch: () => Promise.resolve(new Response(`token-${(asked += 1)}`)),
    });
    const ask = async (origin: string): Promise<number> => {
      const headers = {origin, 'sec-fetch-site': 'same-origin'};
      return (await broker(new Request(URL_OF_BROKER, {headers}))).status;
    };
    assert.equal(await ask('https://known.example'), 200);
    for (let index = 0; index < 31; index += 1) assert.equal(await ask(`https://${index}.example`), 200);
    assert.equal(asked, 32);
    // No storm of sign-ins at the platform either.
    assert.equal(await ask('https://32.example'), 502);
    now = 30_000;
    assert.equal(await ask('https://known.example'), 200);
    now = 61_000;
    assert.equal(await ask('https://32.example'), 200);
    assert.equal(asked, 33);
    // It was here a moment ago, and stays.
    assert.equal(await ask('https://known.example'), 200);
    assert.equal(asked, 33);
  });
});
