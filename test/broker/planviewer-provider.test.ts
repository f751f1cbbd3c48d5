import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {test} from 'node:test';
import {createSignIn, type Handler} from '../../src/broker/index.js';
import {createPlanviewerDouble} from '../doubles/platforms/planviewer.js';
import {Browser} from './support/browser.js';
import {createFakeProvider} from './support/fake-provider.js';
import {
  authorize,
  back,
  ask,
  basic,
  callback,
  clientId,
  clientSecret,
  codeFrom,
  create,
  key,
  oauth,
  planviewer,
  resource,
  site,
  viewer,
  type Fields,
  type TokenRequest,
} from './support/planviewer-client.js';

const open = (provider: Handler, tokenType: 'form' | 'json' = 'form') => {
  const double = createPlanviewerDouble({
    oauth: {
      clientId,
      clientSecret,
      authorizeUrl: `${oauth}/authorize`,
      accessTokenUrl: `${oauth}/access_token`,
      resourceUrl: `${oauth}/resource`,
    },
    fetch: (input, init) => provider(new Request(input, init)),
    tokenRequest: tokenType,
  });
  return double;
};

for (const tokenType of ['Bearer', 'MAC'] as const)
  for (const tokenRequest of ['form', 'json'] as const)
    test(`Planviewer shows its viewer: ${tokenType} token, token request as ${tokenRequest}`, async () => {
      const provider = create({tokenType});
      const double = open(provider, tokenRequest);
      const browser = new Browser({[site]: provider, [planviewer]: (request) => double.handle(request)});
      const returned = await browser.follow(viewer, ({pathname}) => pathname.endsWith('/callback'));
      const {response, body} = await browser.send(returned);
      assert.equal(response.status, 200);
      assert.match(body, /data-viewer=/u);
      const [session] = double.sessions.values();
      assert.equal(session?.token?.token_type.toLowerCase(), tokenType.toLowerCase());
      assert.equal(session?.token?.expires_in, 900);
      // The browser has seen a code and nothing else.
      for (const {url, body: shown} of browser.visits) {
        assert.ok(!`${url}${shown}`.includes(session?.token?.access_token ?? '-'));
        assert.ok(!`${url}${shown}`.includes(clientSecret));
      }
    });

test('a visitor whom the site does not know is sent to its sign-in first', async () => {
  const asked: string[] = [];
  const provider = create({
    authenticate: (request) => {
      asked.push(request.url);
      const to = `/login?${new URLSearchParams({returnTo: request.url.slice(site.length)}).toString()}`;
      return new Response(null, {status: 303, headers: {location: to}});
    },
  });
  const response = await authorize(provider);
  assert.equal(response.status, 303);
  const returnTo = new URL(response.headers.get('location') ?? '', site).searchParams.get('returnTo') ?? '';
  assert.equal(new URL(returnTo, site).href, asked[0]);
});

test('the sign-in of the broker says who the visitor is', async () => {
  const fake = await createFakeProvider();
  const signIn = createSignIn({
    issuer: fake.issuer,
    clientId: 'broker',
    cookieSecret: key,
    baseUrl: `${site}/bff`,
    fetch: fake.fetch,
  });
  const provider = create({authenticate: signIn.user});
  const browser = new Browser({[site]: (request) => (request.url.startsWith(oauth) ? provider : signIn)(request)});
  const asked = `${oauth}/authorize?${new URLSearchParams({state: 's', client_id: clientId, redirect_uri: callback}).toString()}`;
  assert.equal(back((await browser.send(asked)).response)['error'], 'access_denied');
  const {response} = await browser.send(`${site}/bff/login`);
  await browser.send(`${site}/bff/callback?${fake.authorize(response.headers.get('location') ?? '')}`);
  assert.match(back((await browser.send(asked)).response)['code'] ?? '', /^eyJ/u);
});

test('a refused visitor goes back with access_denied and the state, and Planviewer answers 403', async () => {
  for (const answer of [undefined, null, false]) {
    const {error, state, code} = back(await authorize(create({authenticate: async () => answer})));
    assert.deepEqual([error, state, code], ['access_denied', 'a-state', undefined]);
  }
  const provider = create({authenticate: () => undefined});
  const double = open(provider);
  const browser = new Browser({[site]: provider, [planviewer]: (request) => double.handle(request)});
  const returned = await browser.follow(viewer, ({pathname}) => pathname.endsWith('/callback'));
  assert.equal((await browser.send(returned)).response.status, 403);
});

test('a site that fails sends the visitor back with server_error, and tells why to nobody but its log', async () => {
  const errors: unknown[] = [];
  const provider = create({
    authenticate: () => {
      throw new Error('the password of the database is hunter2');
    },
    onError: (error) => errors.push(error),
  });
  const {error, state, ...rest} = back(await authorize(provider));
  assert.deepEqual([error, state, rest], ['server_error', 'a-state', {}]);
  assert.equal(errors.length, 1);
});

test('nobody is sent to an address that is not registered, and the site is not even asked', async () => {
  let asked = 0;
  const provider = create({authenticate: () => (asked += 1)});
  const wrong: Fields[] = [
    {client_id: 'other'},
    {client_id: undefined},
    {redirect_uri: undefined},
    {redirect_uri: 'https://evil.example/maps_api/v2/oauth/1/callback'},
    {redirect_uri: `${callback}/`},
    {redirect_uri: `${callback}?x=1`},
    {redirect_uri: `${callback}#x`},
    {redirect_uri: callback.toUpperCase()},
    {redirect_uri: callback.replace('https:', 'http:')},
    {redirect_uri: `${callback}/../2/callback`},
    {redirect_uri: 'javascript:alert(1)'},
  ];
  for (const fields of wrong) {
    const response = await authorize(provider, fields);
    assert.equal(response.status, 400, JSON.stringify(fields));
    assert.equal(response.headers.get('location'), null);
    assert.equal(response.headers.get('cache-control'), 'no-store');
  }
  const twice = await provider(
    new Request(`${oauth}/authorize?client_id=${clientId}&redirect_uri=${callback}&redirect_uri=https://evil.example`),
  );
  assert.equal(twice.status, 400);
  assert.equal(asked, 0);
});

test('what is wrong with a request of the right client goes back to it', async () => {
  const provider = create();
  assert.equal(back(await authorize(provider, {response_type: 'token'}))['error'], 'unsupported_response_type');
  assert.equal(back(await authorize(provider, {state: undefined}))['error'], 'invalid_request');
  // "Defaults to code", and what is not in the standard does not matter.
  assert.match(
    (await codeFrom(provider, {response_type: undefined, approval_prompt: 'force', allowed: 'false'})) ?? '',
    /^eyJ/u,
  );
  // An address with a query of its own keeps it, in good and in bad days.
  const withQuery = {redirect_uri: `${callback}?app=2`};
  const good = back(await authorize(provider, withQuery));
  assert.deepEqual(Object.keys(good).toSorted(), ['app', 'code', 'state']);
  const bad = back(await authorize(create({authenticate: () => undefined}), withQuery));
  assert.deepEqual([bad['app'], bad['error'], bad['state']], ['2', 'access_denied', 'a-state']);
});

test('a code yields tokens, which open the resource and say nothing', async () => {
  const provider = create();
  const code = await codeFrom(provider);
  const {status, body, headers} = await ask(provider, {fields: {code}});
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body).toSorted(), ['access_token', 'expires_in', 'refresh_token', 'token_type']);
  assert.deepEqual([body['token_type'], body['expires_in']], ['Bearer', 900]);
  assert.deepEqual([headers.get('cache-control'), headers.get('pragma')], ['no-store', 'no-cache']);
  // Five parts: encrypted (JWE), with nothing of the visitor inside or outside.
  assert.equal(String(body['access_token']).split('.').length, 5);
  const answer = await resource(provider, `Bearer ${String(body['access_token'])}`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const said = (await answer.json()) as Record<string, unknown>;
  assert.deepEqual(Object.keys(said), ['id']);
  assert.match(String(said['id']), /^[\da-f-]{36}$/u);
});

test('a code is good once, also when two use it at the same moment', async () => {
  const provider = create();
  const code = await codeFrom(provider);
  const answers = await Promise.all([ask(provider, {fields: {code}}), ask(provider, {fields: {code}})]);
  assert.deepEqual(answers.map(({status}) => `${status}`).toSorted(), ['200', '400']);
  const again = await ask(provider, {fields: {code}});
  assert.deepEqual([again.status, again.body['error']], [400, 'invalid_grant']);
});

test('a code that one instance has taken is refused by another, where they share what was used', async () => {
  const taken = new Set<string>();
  const replay = {
    claim: async (id: string, seconds: number): Promise<boolean> => {
      assert.ok(seconds >= 60);
      const isFirst = !taken.has(id);
      taken.add(id);
      return isFirst;
    },
  };
  const [one, two] = [create({replay}), create({replay})];
  const code = await codeFrom(one);
  assert.equal((await ask(two, {fields: {code}})).status, 200);
  assert.equal((await ask(one, {fields: {code}})).body['error'], 'invalid_grant');
});

test('a code is good for a minute, for one client and for one address', async () => {
  let ahead = 0;
  const other = {clientId: 'other', clientSecret: 'another secret', redirectUris: [callback]};
  const provider = create({
    now: () => Date.now() + ahead,
    clients: [{clientId, clientSecret, redirectUris: [callback, `${callback}?app=2`]}, other],
  });
  const stolen = await codeFrom(provider);
  const byOther = await ask(provider, {
    fields: {code: stolen, client_id: other.clientId, client_secret: other.clientSecret},
    authorization: basic(other.clientId, other.clientSecret),
  });
  assert.equal(byOther.body['error'], 'invalid_grant');
  // Whoever tries another address has used the code up.
  for (const redirect_uri of [`${callback}?app=2`, 'https://evil.example', undefined]) {
    const code = await codeFrom(provider);
    const {status, body} = await ask(provider, {fields: {code, redirect_uri}});
    assert.deepEqual([status, body['error']], [400, 'invalid_grant'], String(redirect_uri));
    assert.equal((await ask(provider, {fields: {code}})).body['error'], 'invalid_grant');
  }
  const late = await codeFrom(provider);
  ahead = 61_000;
  assert.equal((await ask(provider, {fields: {code: late}})).body['error'], 'invalid_grant');
});

test('codes and tokens that are forged, cut, foreign or of another kind are refused', async () => {
  const provider = create();
  const code = await codeFrom(provider);
  const {body} = await ask(provider, {fields: {code: await codeFrom(provider)}});
  const [access, refresh] = [String(body['access_token']), String(body['refresh_token'])];
  const foreign = await codeFrom(create({key: 'another-random-string-of-at-least-32-characters'}));
  for (const bad of ['', 'x', code.slice(0, -5), `${code}A`, foreign, access, refresh, 'é', `${code}\n`]) {
    const {status, body: answer} = await ask(provider, {fields: {code: bad}});
    assert.equal(status, 400, bad);
    assert.match(String(answer['error']), /^invalid_(?:grant|request)$/u);
  }
  for (const bad of ['x', refresh.slice(1), code, access]) {
    const fields = {grant_type: 'refresh_token', refresh_token: bad};
    assert.equal((await ask(provider, {fields})).body['error'], 'invalid_grant', bad);
  }
  for (const bad of ['x', access.slice(0, -3), code, refresh]) {
    const answer = await resource(provider, `Bearer ${bad}`);
    assert.equal(answer.status, 401, bad);
    assert.match(answer.headers.get('www-authenticate') ?? '', /error="invalid_token"/u);
  }
});

test('a key can be changed: the first of several encrypts, all decrypt', async () => {
  const next = 'the-next-random-string-of-at-least-32-characters';
  const code = await codeFrom(create());
  assert.equal((await ask(create({key: [next, key]}), {fields: {code}})).status, 200);
  const fresh = await codeFrom(create({key: [next, key]}));
  assert.equal((await ask(create(), {fields: {code: fresh}})).body['error'], 'invalid_grant');
});

test('the secret is in the header, in the body, or in both; each that is there has to be right', async () => {
  const provider = create();
  const encoded = basic(encodeURIComponent(clientId), encodeURIComponent(clientSecret));
  const good: TokenRequest[] = [
    {},
    {authorization: null},
    {authorization: encoded},
    {fields: {client_secret: undefined}},
    {fields: {client_secret: undefined, client_id: undefined}},
    {fields: {client_secret: undefined, client_id: undefined}, authorization: encoded},
    {isJson: true},
    {isJson: true, authorization: null},
  ];
  for (const request of good) {
    const code = await codeFrom(provider);
    const {status} = await ask(provider, {...request, fields: {code, ...request.fields}});
    assert.equal(status, 200, JSON.stringify(request));
  }
  const bad: TokenRequest[] = [
    {authorization: null, fields: {client_secret: undefined}},
    {authorization: null, fields: {client_secret: 'wrong'}},
    {fields: {client_secret: 'wrong'}},
    {fields: {client_secret: `${clientSecret}x`}},
    {fields: {client_secret: clientSecret.toUpperCase()}},
    {authorization: basic(clientId, 'wrong')},
    {authorization: basic('other', clientSecret)},
    {authorization: basic(clientId, '')},
    {authorization: `Basic ${btoa(clientId)}`},
    {authorization: 'Basic %%%'},
    {authorization: `Bearer ${clientSecret}`},
    {authorization: basic(clientId, 'wrong'), fields: {client_secret: undefined}},
    {fields: {client_id: 'other'}},
    {fields: {client_id: '__proto__'}},
  ];
  const code = await codeFrom(provider);
  for (const request of bad)
    for (const isJson of [false, true]) {
      const {status, body, headers} = await ask(provider, {...request, isJson, fields: {code, ...request.fields}});
      assert.deepEqual([status, body['error']], [401, 'invalid_client'], JSON.stringify(request));
      assert.match(headers.get('www-authenticate') ?? '', /^Basic /u);
      assert.ok(!JSON.stringify(body).includes(clientSecret));
    }
  // None of them has used the code.
  assert.equal((await ask(provider, {fields: {code}})).status, 200);
});

test('a token request that is no form and no JSON object of strings is refused', async () => {
  const provider = create();
  const code = await codeFrom(provider);
  const form = 'application/x-www-form-urlencoded';
  const bad: readonly [string, string][] = [
    ['application/json', '{'],
    ['application/json', '[]'],
    ['application/json', '"x"'],
    ['application/json', 'null'],
    ['application/json', JSON.stringify({grant_type: ['authorization_code'], code})],
    ['text/plain', `grant_type=authorization_code&code=${code}`],
    ['multipart/form-data', 'x'],
    [form, `grant_type=authorization_code&code=${code}&code=${code}`],
    [form, `grant_type=authorization_code&code=${'x'.repeat(40_000)}`],
  ];
  for (const [type, body] of bad) {
    const response = await provider(
      new Request(`${oauth}/access_token`, {
        method: 'POST',
        headers: {'content-type': type, authorization: basic(clientId, clientSecret)},
        body,
      }),
    );
    assert.equal(response.status, 400, `${type} ${body.slice(0, 40)}`);
    assert.equal(((await response.json()) as Record<string, unknown>)['error'], 'invalid_request');
  }
  const password = await ask(provider, {fields: {grant_type: 'password', username: 'a', password: 'b'}});
  assert.match(String(password.body['error']), /^un(?:supported_grant_type|authorized_client)$/u);
  const own = await ask(provider, {fields: {grant_type: 'client_credentials'}});
  assert.match(String(own.body['error']), /^un(?:supported_grant_type|authorized_client)$/u);
});

test('a refresh token brings new tokens, and no more time than there was', async () => {
  let ahead = 0;
  const provider = create({now: () => Date.now() + ahead, refreshTokenSeconds: 3600});
  const {body: first} = await ask(provider, {fields: {code: await codeFrom(provider)}});
  ahead = 1_000_000;
  const old = await resource(provider, `Bearer ${String(first['access_token'])}`);
  assert.equal(old.status, 401);
  const refresh = async (token: unknown) =>
    ask(provider, {fields: {grant_type: 'refresh_token', refresh_token: String(token)}});
  const {status, body: second} = await refresh(first['refresh_token']);
  assert.equal(status, 200);
  assert.equal((await resource(provider, `Bearer ${String(second['access_token'])}`)).status, 200);
  ahead = 3_500_000;
  const {body: third} = await refresh(second['refresh_token']);
  assert.ok(Number(third['expires_in']) <= 100);
  ahead = 3_601_000;
  for (const {refresh_token: token} of [first, second, third])
    assert.equal((await refresh(token)).body['error'], 'invalid_grant');
});

test('PKCE is honoured where a client uses it', async () => {
  const provider = create();
  const challenge = {code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256'};
  const code_verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const good = await ask(provider, {fields: {code: await codeFrom(provider, challenge), code_verifier}});
  assert.equal(good.status, 200);
  const missing = await ask(provider, {fields: {code: await codeFrom(provider, challenge)}});
  assert.equal(missing.body['error'], 'invalid_grant');
  const plain = await authorize(provider, {code_challenge: code_verifier, code_challenge_method: 'plain'});
  assert.equal(back(plain)['error'], 'invalid_request');
});

interface MacParts {
  readonly path?: string;
  readonly ts?: number;
  readonly nonce?: string;
  readonly key?: string;
  readonly port?: string;
}

test('a MAC token opens the resource with a signature, and with nothing else', async () => {
  let ahead = 0;
  const provider = create({tokenType: 'MAC', now: () => Date.now() + ahead});
  const {body} = await ask(provider, {fields: {code: await codeFrom(provider)}});
  assert.deepEqual(
    [body['token_type'], body['mac_algorithm'], body['kid']],
    ['mac', 'hmac-sha-256', body['access_token']],
  );
  const [id, macKey] = [String(body['access_token']), String(body['mac_key'])];
  const hmac = (secret: string, lines: readonly string[]): string =>
    createHmac('sha256', secret)
      .update(lines.map((line) => `${line}\n`).join(''))
      .digest('base64');

  /** Drafts 00 and 01, and thephpleague/oauth2-client. */
  const early = (parts: MacParts = {}): string => {
    const {path = '/planviewer/resource', ts = Math.floor(Date.now() / 1000), nonce = 'n1', port = '443'} = parts;
    const mac = hmac(parts.key ?? macKey, [`${ts}`, nonce, 'GET', path, 'site.example', port, '']);
    return `MAC id="${id}", ts="${ts}", nonce="${nonce}", mac="${mac}"`;
  };
  /** Draft 05. */
  const late = (h = '', values: readonly string[] = [], first = true): string => {
    const ts = `${Date.now()}`;
    const line = 'GET /planviewer/resource HTTP/1.1';
    const lines = first ? [line, ts, '7', ...values] : [line, ...values, ts, '7'];
    const headers = h === '' ? '' : ` h="${h}",`;
    return `MAC kid="${id}", ts="${ts}", seq-nr="7",${headers} mac="${hmac(macKey, lines)}"`;
  };

  for (const header of [
    early(),
    early({nonce: 'n2', port: '80'}),
    late(),
    late('host', ['site.example']),
    late('host', ['site.example'], false),
  ]) {
    assert.equal((await resource(provider, header)).status, 200, header.replace(id, '…'));
    const again = await resource(provider, header);
    assert.equal(again.status, 401);
    assert.match(again.headers.get('www-authenticate') ?? '', /^MAC /u);
  }
  const now = Math.floor(Date.now() / 1000);
  const bad = [
    early({nonce: 'n3', path: '/planviewer/other'}),
    early({nonce: 'n4', ts: now - 400}),
    early({nonce: 'n5', ts: now + 400}),
    early({nonce: 'n6', key: 'guessed'}),
    early({nonce: 'n7'}).replace('nonce="n7"', 'nonce="n8"'),
    early({nonce: 'n9'}).replace(/mac="[^"]+"/u, 'mac=""'),
    early({nonce: 'n10'}).replace(/ts="\d+"/u, 'ts="x"'),
    `MAC id="${id}"`,
    `Bearer ${id}`,
    `Bearer ${macKey}`,
  ];
  for (const header of bad) assert.equal((await resource(provider, header)).status, 401, header.replace(id, '…'));
  // The clocks may differ, by less than five minutes.
  assert.equal((await resource(provider, early({nonce: 'n11', ts: now - 200}))).status, 200);
  ahead = 901_000;
  assert.equal((await resource(provider, early({nonce: 'n12', ts: now + 901}))).status, 401);
});

test('a Bearer token is not taken in any other way', async () => {
  const provider = create();
  const {body} = await ask(provider, {fields: {code: await codeFrom(provider)}});
  const token = String(body['access_token']);
  assert.equal((await resource(provider, `bearer ${token}`)).status, 200);
  const bare = await resource(provider);
  assert.equal(bare.status, 401);
  assert.match(bare.headers.get('www-authenticate') ?? '', /^Bearer /u);
  assert.equal((await resource(provider, undefined, `/resource?access_token=${token}`)).status, 400);
  assert.equal((await resource(provider, basic(clientId, clientSecret))).status, 400);
  assert.equal((await resource(provider, `MAC id="${token}", ts="1", nonce="x", mac="AAAA"`)).status, 401);
});

test('answers only its routes and their methods', async () => {
  const provider = create();
  const status = async (path: string, method: string): Promise<number> =>
    (await provider(new Request(`${oauth}${path}`, {method}))).status;
  assert.equal(await status('/other', 'GET'), 404);
  assert.equal(await status('/authorize', 'POST'), 405);
  assert.equal(await status('/access_token', 'GET'), 405);
  assert.equal(await status('/resource', 'POST'), 405);
});

test('a store that fails is a 500 without words, and the code is not taken', async () => {
  const errors: unknown[] = [];
  const provider = create({
    replay: {claim: () => Promise.reject(new Error('redis://user:hunter2@store'))},
    onError: (error) => errors.push(error),
  });
  const {status, body} = await ask(provider, {fields: {code: await codeFrom(provider)}});
  assert.deepEqual([status, body['error']], [500, 'server_error']);
  assert.ok(!JSON.stringify(body).includes('hunter2'));
  assert.equal(errors.length, 1);
});

test('a wrong option is named, and no secret with it', () => {
  const client = {clientId, clientSecret, redirectUris: [callback]};
  const wrong: readonly [Record<string, unknown>, string][] = [
    [{clients: []}, '"clients"'],
    [{clients: [{...client, clientId: 'a:b'}]}, '"clients[0].clientId"'],
    [{clients: [{...client, clientSecret: ''}]}, '"clients[0].clientSecret"'],
    [{clients: [{...client, redirectUris: []}]}, '"clients[0].redirectUris"'],
    [{clients: [{...client, redirectUris: ['http://www.planviewer.nl/x']}]}, '"clients[0].redirectUris[0]"'],
    [{clients: [client, client]}, '"clients"'],
    [{key: 'too-short-secret'}, '"key"'],
    [{authenticate: undefined}, '"authenticate"'],
    [{tokenType: 'JWT'}, '"tokenType"'],
    [{accessTokenSeconds: 0}, '"accessTokenSeconds"'],
    [{replay: {}}, '"replay.claim"'],
    [{secret: 'x'}, '"secret"'],
  ];
  for (const [more, name] of wrong) {
    assert.throws(
      () => create(more),
      (error: Error) =>
        error.message.startsWith(name)
        && !error.message.includes('too-short-secret')
        && !error.message.includes(clientSecret),
      name,
    );
  }
});

test('a token request without an end is read no further than any could be', async () => {
  let sent = 0;
  let isCancelled = false;
  const body = new ReadableStream({
    pull(controller) {
      sent += 10_000;
      controller.enqueue(new Uint8Array(10_000).fill(97));
    },
    cancel: () => void (isCancelled = true),
  });
  const init = {
    method: 'POST',
    headers: {'content-type': 'application/x-www-form-urlencoded'},
    body,
    duplex: 'half',
  } as const;
  const response = await create()(new Request(`${oauth}/access_token`, init));
  assert.equal(response.status, 400);
  assert.ok(isCancelled);
  assert.ok(sent <= 60_000, `${sent} bytes were read`);
});
