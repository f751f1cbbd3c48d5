import {createSecretKey} from 'node:crypto';
import {SignJWT} from 'jose';
import type {JWTPayload} from 'jose';
import {eventsOf} from '../e2e/support/recorder.js';
import {stateOf} from '../e2e/support/tag.js';
import {expect, test} from './fixtures.js';
import {CLIENT, unsigned} from './hostile-provider.js';
import type {Behaviour, HostileProvider, Keys} from './hostile-provider.js';
import {json} from './support/recording-server.js';
import {fetchBy, openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';

// The providers and servers of these tests are in no policy of the site: what it would forbid, the tag has to forbid.
test.use({bypassCSP: true});

type Make = (provider: HostileProvider) => Behaviour;
type Cases = readonly (readonly [string, Make, string])[];

const undiscovered: Cases = [
  ['plain only', () => ({metadata: {code_challenge_methods_supported: ['plain']}}), 'provider-invalid pkce'],
  ['nothing', () => ({metadata: {code_challenge_methods_supported: []}}), 'provider-invalid pkce'],
  ['something else', () => ({metadata: {code_challenge_methods_supported: ['s256', 'S512']}}), 'provider-invalid pkce'],
];
test('#2 a provider that lists PKCE methods without S256 is not gone to', async ({
  page,
  context,
  site,
  provider,
  vault,
}) => {
  for (const [what, make, expected] of undiscovered) {
    provider.behave(make(provider));
    const tag = await openMap(page, site, signedInAt(provider, vault.origin));
    expect(await outcomeOf(tag), what).toBe(expected);
    expect(await stateOf(tag)).toBe('anonymous');
    expect(context.pages(), 'the window is closed').toHaveLength(1);
  }
  expect(provider.to('/auth')).toEqual([]);
  provider.behave({metadata: {code_challenge_methods_supported: ['S256']}});
  expect(await outcomeOf(await openMap(page, site, signedInAt(provider, vault.origin)))).toBe('done');
});

const issuers: readonly (readonly [string, (issuer: string) => unknown])[] = [
  ['another', () => 'https://login.test'],
  ['with a slash', (issuer) => `${issuer}/`],
  ['in capitals', (issuer) => issuer.toUpperCase()],
  ['with a port less', (issuer) => issuer.replace(/:\d+$/, '')],
  ['a longer one', (issuer) => `${issuer}.test`],
  ['none', () => undefined],
  ['a list', (issuer) => [issuer]],
];
test('#6 a discovery document that names another issuer, if only by a slash, is not gone by', async ({
  page,
  site,
  provider,
  vault,
}) => {
  for (const [what, make] of issuers) {
    provider.behave({metadata: {issuer: make(provider.issuer)}});
    const tag = await openMap(page, site, signedInAt(provider, vault.origin));
    expect(await outcomeOf(tag), what).toBe('provider-invalid issuer-mismatch');
  }
  expect(provider.to('/auth')).toEqual([]);
  expect(provider.to('/token')).toEqual([]);
});

const mismatch = 'login-refused issuer-mismatch';
const answers: Cases = [
  ['another issuer', () => ({answer: {iss: 'https://login.test'}}), mismatch],
  ['a slash more', ({issuer}) => ({answer: {iss: `${issuer}/`}}), mismatch],
  ['no issuer, while it is advertised', () => ({answer: {iss: undefined}}), mismatch],
  ['an empty issuer', () => ({answer: {iss: ''}}), mismatch],
  ['an error of another issuer', () => ({answer: {iss: 'https://login.test', error: 'access_denied'}}), mismatch],
  ['an error without issuer', () => ({answer: {iss: undefined, error: 'access_denied', code: undefined}}), mismatch],
  [
    'another issuer, which is not advertised to be named',
    () => ({
      metadata: {authorization_response_iss_parameter_supported: undefined},
      answer: {iss: 'https://login.test'},
    }),
    mismatch,
  ],
  [
    'the issuer twice',
    (provider) => ({
      replies: {
        '/auth': ({query}) => ({
          status: 302,
          headers: {location: `${provider.answerTo(query)}&iss=${encodeURIComponent(provider.issuer)}`},
        }),
      },
    }),
    mismatch,
  ],
  [
    'no issuer, where none is advertised',
    () => ({metadata: {authorization_response_iss_parameter_supported: false}, answer: {iss: undefined}}),
    'done',
  ],
];
test('#5 the issuer of an answer is compared letter by letter before the code is sent anywhere', async ({
  page,
  site,
  provider,
  vault,
}) => {
  for (const [what, make, expected] of answers) {
    provider.reset();
    provider.behave(make(provider));
    const tag = await openMap(page, site, signedInAt(provider, vault.origin));
    expect(await outcomeOf(tag), what).toBe(expected);
    expect(provider.to('/token'), what).toHaveLength(expected === 'done' ? 1 : 0);
  }
});

test('#5 an answer that another provider gives in its place is not taken (mix-up)', async ({
  page,
  site,
  provider,
  stranger,
  vault,
}) => {
  // The visitor is led on to the stranger, who answers with a code of its own under the state of the first.
  provider.behave({
    replies: {'/auth': ({url}) => ({status: 302, headers: {location: `${stranger.issuer}${url}`}})},
  });
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe(mismatch);
  expect(stranger.to('/auth')).toHaveLength(1);
  expect([...provider.to('/token'), ...stranger.to('/token')]).toEqual([]);
});

const now = (): number => Math.floor(Date.now() / 1000);
const signBy =
  (how: (claims: JWTPayload, keys: Keys) => string | Promise<string>): Make =>
  () => ({sign: how});
const claiming =
  (claims: Readonly<Record<string, unknown>>): Make =>
  () => ({claims});

const idTokens: Cases = [
  ['signed by a stranger', signBy((claims, {signed, stranger}) => signed(claims, stranger)), 'signature'],
  ['of an unknown key', signBy((claims, {signed, own}) => signed(claims, own, {kid: 'two'})), 'signature'],
  ['changed after it was signed', signBy(async (claims, keys) => tampered(await keys.signed(claims))), 'signature'],
  ['without a signature, and it says so', signBy((claims) => unsigned(claims)), 'algorithm'],
  ['without a signature, in capitals', signBy((claims) => unsigned(claims, 'NONE')), 'algorithm'],
  [
    'signed with the public key as a secret',
    signBy((claims, {published}) =>
      new SignJWT(claims).setProtectedHeader({alg: 'HS256', kid: 'one'}).sign(createSecretKey(published, 'utf8')),
    ),
    'algorithm',
  ],
  ['no token at all', signBy(() => 'nonsense'), 'malformed'],
  ['of another issuer', claiming({iss: 'https://login.test'}), 'issuer'],
  ['without an issuer', claiming({iss: undefined}), 'issuer'],
  ['for another client', claiming({aud: 'another-client'}), 'audience'],
  ['for nobody', claiming({aud: undefined}), 'audience'],
  ['for several, and it does not say which asked', claiming({aud: [CLIENT, 'another']}), 'azp'],
  ['for several, asked for by another', claiming({aud: [CLIENT, 'another'], azp: 'another'}), 'azp'],
  ['for us, asked for by another', claiming({azp: 'another'}), 'azp'],
  ['that has ended', claiming({iat: now() - 700, exp: now() - 120}), 'expired'],
  ['that never ends', claiming({exp: undefined}), 'expired'],
  ['without its time', claiming({iat: undefined}), 'claims'],
  ['with another nonce', claiming({nonce: 'another'}), 'nonce'],
  ['without a nonce', claiming({nonce: undefined}), 'nonce'],
  ['without a subject', claiming({sub: undefined}), 'subject'],
  ['with an empty subject', claiming({sub: ''}), 'subject'],
  ['missing', () => ({tokens: {id_token: undefined}}), 'missing'],
];
const tampered = (token: string): string => {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims: Readonly<Record<string, unknown>> = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const changed = Buffer.from(JSON.stringify({...claims, sub: 'admin'})).toString('base64url');
  return `${header}.${changed}.${signature}`;
};

test('#7 22 id_tokens with something wrong: none signs anybody in, and no access token is used', async ({
  page,
  site,
  provider,
  vault,
}) => {
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const waiting = fetchBy(tag, `${vault.origin}/tiles`);
  for (const [what, make, reason] of idTokens) {
    provider.behave(make(provider));
    expect(await outcomeOf(tag), what).toBe(`login-refused id-token-${reason}`);
    expect(await stateOf(tag), what).toBe('anonymous');
  }
  expect(vault.seen).toEqual([]);
  expect(provider.to('/token')).toHaveLength(idTokens.length);

  provider.behave({claims: {aud: [CLIENT, 'another'], azp: CLIENT}});
  expect(await outcomeOf(tag)).toBe('done');
  expect(await waiting).toBe('200');
});

const renewed: Cases = [
  ['of another visitor', claiming({sub: 'ben'}), 'id-token-subject'],
  ['with another nonce', claiming({nonce: 'another'}), 'id-token-nonce'],
  ['of another issuer', claiming({iss: 'https://login.test'}), 'id-token-issuer'],
  ['signed by a stranger', signBy((claims, {signed, stranger}) => signed(claims, stranger)), 'id-token-signature'],
];
for (const [what, make, reason] of renewed) {
  test(`#7 a renewal with an id_token ${what} ends the session, and its token is used nowhere`, async ({
    page,
    site,
    provider,
    vault,
  }) => {
    const tag = await openMap(page, site, signedInAt(provider, vault.origin));
    expect(await outcomeOf(tag)).toBe('done');
    expect(await fetchBy(tag, `${vault.origin}/before`)).toBe('200');
    provider.behave({...make(provider), tokens: {access_token: 'of-the-wrong-renewal'}});
    expect(await outcomeOf(tag, 'refresh')).toBe(`session-over ${reason}`);
    expect(await stateOf(tag)).toBe('expired');
    expect(await eventsOf(page, 'session-expired')).toMatchObject([{reason}]);
    const more = fetchBy(tag, `${vault.origin}/after`);
    provider.behave({});
    expect(await outcomeOf(tag)).toBe('done');
    expect(await more).toBe('200');
    expect(vault.seen.map(({headers}) => headers.authorization)).not.toContain('Bearer of-the-wrong-renewal');
  });
}

test('#7 keys that the provider changes between sign-in and renewal are read anew', async ({
  page,
  site,
  provider,
  vault,
}) => {
  await page.clock.install();
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  // The library that reads them does so once in half a minute at most.
  await page.clock.setSystemTime(Date.now() + 31_000);
  provider.behave({
    replies: {'/jwks': () => json(provider.keys.others)},
    sign: (claims, {signed, stranger}) => signed(claims, stranger, {kid: 'two'}),
  });
  expect(await outcomeOf(tag, 'refresh')).toBe('done');
  expect(provider.to('/jwks')).toHaveLength(2);
});

const types: readonly (readonly [unknown, string])[] = [
  ['mac', 'login-refused token-type'],
  ['MAC', 'login-refused token-type'],
  ['N_A', 'login-refused token-type'],
  ['Bearer DPoP', 'login-refused token-type'],
  ['', 'login-refused token-type'],
  [undefined, 'login-refused token-type'],
  [['Bearer'], 'login-refused token-type'],
  // Bound to a key that nobody has proven to have.
  ['DPoP', 'login-refused token-type'],
  ['bearer', 'done'],
  ['BEARER', 'done'],
];
test('#8 a token of a type that nobody asked for is discarded, however it is spelt', async ({
  page,
  site,
  provider,
  vault,
}) => {
  for (const [type, expected] of types) {
    provider.behave({tokens: {token_type: type}});
    const tag = await openMap(page, site, signedInAt(provider, vault.origin));
    expect(await outcomeOf(tag), String(type)).toBe(expected);
    if (expected !== 'done') expect(await stateOf(tag)).toBe('anonymous');
  }
});

test('#8 a renewal that comes back as mac is discarded, and the session with it', async ({
  page,
  site,
  provider,
  vault,
}) => {
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  provider.behave({tokens: {token_type: 'mac', access_token: 'a-mac-token'}});
  expect(await outcomeOf(tag, 'refresh')).toBe('session-over token-type');
  expect(await stateOf(tag)).toBe('expired');
  expect(vault.seen).toEqual([]);
});

test('#8 a Bearer token is discarded where dpop="required"', async ({page, site, provider, vault}) => {
  provider.behave({metadata: {dpop_signing_alg_values_supported: ['ES256']}, tokens: {token_type: 'Bearer'}});
  const tag = await openMap(page, site, signedInAt(provider, vault.origin, 'dpop="required"'));
  expect(await outcomeOf(tag)).toMatch(/^login-refused /);
  expect(await stateOf(tag)).toBe('anonymous');
  expect(provider.to('/token')).toHaveLength(1);
});

const troubles: Cases = [
  ['late', () => ({replies: {'/token': () => new Promise(() => undefined)}}), 'provider-unreachable timeout'],
  ['500', () => ({replies: {'/token': () => ({status: 500})}}), 'provider-unreachable http-500'],
  [
    'HTML',
    () => ({replies: {'/token': () => ({headers: {'content-type': 'text/html'}, body: '<html>no</html>'})}}),
    'provider-invalid not-json',
  ],
  [
    'cut short',
    () => ({replies: {'/token': () => ({body: '{"access_token":"canary-cut', cut: true})}}),
    'provider-unreachable network',
  ],
  [
    '200 with an error in it',
    () => ({replies: {'/token': () => ({body: '{"error":"invalid_grant"}'})}}),
    'login-refused invalid_grant',
  ],
  [
    'a redirect elsewhere',
    () => ({replies: {'/token': () => ({status: 307, headers: {location: 'http://127.0.0.1:1/'}})}}),
    'provider-invalid redirect',
  ],
];
test('#36 a provider that answers late, with 500, HTML or half: each sign-in settles and leaves nothing behind', async ({
  page,
  context,
  site,
  provider,
  vault,
}) => {
  await page.clock.install();
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  for (const [what, make, expected] of troubles) {
    provider.reset();
    provider.behave(make(provider));
    const outcome = outcomeOf(tag);
    await provider.until(({path}) => path === '/token');
    // Fifteen seconds of patience, by a clock that can be moved on.
    if (what === 'late') await page.clock.fastForward(16_000);
    expect(await outcome, what).toBe(expected);
    expect(await stateOf(tag)).toBe('anonymous');
    expect(context.pages()).toHaveLength(1);
  }
  provider.behave({});
  expect(await outcomeOf(tag)).toBe('done');
  expect(await tag.evaluate((element: Tag) => element.user?.['sub'])).toBe('anna');
});
