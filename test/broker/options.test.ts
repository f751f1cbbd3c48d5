import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {BrokerError, createMapProxy, createTokenBroker} from '../../src/broker/index.js';

// A wrong option is told when a handler is made, by its name, and a secret is never quoted.

const authorize = (): boolean => true;
const secret = {username: 'viewer', password: 'password-canary'};
const onemap = {platform: 'onemap', server: 'https://h.example', secret, authorize};
const spectrum = {...onemap, platform: 'spectrum'};
const imanager = {...onemap, platform: 'supermap-imanager'};
const iserver = {...onemap, platform: 'supermap-iserver'};
const studio = {...onemap, platform: 'spatial-studio', secret: {generatorToken: 'generator-canary'}};

const withoutAuthorize = {platform: 'onemap', server: 'https://h.example', secret};

const wrongBrokers: readonly [string, unknown, string][] = [
  ['nothing at all', undefined, '"options": is missing'],
  ['no authorize', withoutAuthorize, '"authorize": is missing'],
  ['authorize that is no function', {...onemap, authorize: true}, '"authorize": must be a function'],
  ['an unknown platform', {...onemap, platform: 'esri'}, '"platform": must be one of onemap, planviewer, spectrum,'],
  ['no server', {...onemap, server: undefined}, '"server": is missing'],
  ['a server that is a path', {...onemap, server: '/onemap'}, '"server": must be an absolute URL'],
  ['a server over http', {...onemap, server: 'http://h.example'}, '"server": must be https (http on this machine only'],
  ['a server of another scheme', {...onemap, server: 'ftp://h.example'}, '"server": must be https'],
  [
    'a server with a password',
    {...onemap, server: 'https://u:password-canary@h.example'},
    '"server": must not have a user name',
  ],
  [
    'a server with a query',
    {...onemap, server: 'https://h.example?token=password-canary'},
    '"server": must not have a query',
  ],
  ['no secret', {...onemap, secret: undefined}, '"secret": is missing'],
  [
    'a secret that is text',
    {...onemap, secret: 'password-canary'},
    '"secret": must be an object with "username" and "password"',
  ],
  ['an empty password', {...onemap, secret: {...secret, password: ''}}, '"secret.password": must not be empty'],
  [
    'a password that is a number',
    {...onemap, secret: {...secret, password: 77_000_123}},
    '"secret.password": must be text',
  ],
  ['no user name', {...onemap, secret: {password: 'password-canary'}}, '"secret.username": is missing'],
  [
    'a misspelt secret',
    {...onemap, secret: {...secret, pasword: 'password-canary'}},
    '"secret.pasword": is not known here',
  ],
  ['a misspelt option', {...onemap, denyRole: ['x']}, '"denyRole": is not known here'],
  ['an option of another platform', {...onemap, ttlMinutes: 5}, '"ttlMinutes": is not known here'],
  ['an origin with a path', {...onemap, origins: ['https://a.example/x']}, '"origins[0]": must be an origin'],
  ['every origin', {...onemap, origins: ['https://a.example', '*']}, '"origins[1]": must be an origin'],
  ['an origin over http', {...onemap, origins: ['http://a.example']}, '"origins[0]": must be https'],
  ['a timeout of nothing', {...onemap, timeout: 0}, '"timeout": must be 0.1 or more'],
  ['denyRoles as text', {...onemap, denyRoles: 'ROLE_ADMIN'}, '"denyRoles": must be an array of roles'],
  ['Spectrum: a token for ever', {...spectrum, ttlMinutes: 0}, '"ttlMinutes": is 0, a token that never expires'],
  ['Spectrum: less than nothing', {...spectrum, ttlMinutes: -1}, '"ttlMinutes": must be a whole number of minutes'],
  ['Spectrum: half a minute', {...spectrum, ttlMinutes: 0.5}, '"ttlMinutes": must be a whole number of minutes'],
  ['Spectrum: an unknown kind', {...spectrum, kind: 'closed'}, '"kind": must be "open" or "session"'],
  ['Keycloak over http', {...imanager, authServer: 'http://h.example'}, '"authServer": must be https'],
  ['a realm with a path', {...imanager, realm: 'a/../b'}, '"realm": must be the name of a realm'],
  [
    'iServer: RequestIP',
    {...iserver, clientType: 'RequestIP'},
    '"clientType": must be "referer", "ip" or "none" (RequestIP',
  ],
  ['iServer: an address for nothing', {...iserver, ip: '192.0.2.1'}, '"ip": is for "clientType": "ip" only'],
  ['iServer: no address', {...iserver, clientType: 'ip'}, '"ip": is missing'],
  [
    'Studio: a token for ever',
    {...studio, validMinutes: -1},
    '"validMinutes": must be a whole number of minutes from 1',
  ],
  ['Studio: no time', {...studio, validMinutes: 0}, '"validMinutes": must be a whole number of minutes from 1'],
  ['Studio: a week and more', {...studio, validMinutes: 10_000}, '"validMinutes": must be a whole number of minutes'],
  ['Studio: everything', {...studio, resourceType: 'all'}, '"resourceType": must be one of dataset_streaming,'],
  [
    'Studio: read_write with streaming',
    {...studio, action: 'read_write'},
    '"action": must be "read_only" for "dataset_streaming"',
  ],
  [
    'Studio: read_only with refreshing',
    {...studio, resourceType: 'dataset_streaming_refreshing'},
    '"action": must be "read_write" for "dataset_streaming_refreshing"',
  ],
  ['Studio: a user name', {...studio, secret}, '"secret.generatorToken": is missing'],
];

const proxy = {upstream: 'https://h.example', paths: ['/tiles'], credential: () => undefined, authorize};

const wrongProxies: readonly [string, unknown, string][] = [
  ['no upstream', {...proxy, upstream: undefined}, '"upstream": is missing'],
  ['an upstream over http', {...proxy, upstream: 'http://h.example'}, '"upstream": must be https'],
  ['no authorize', {...proxy, authorize: undefined}, '"authorize": is missing'],
  ['no paths', {...proxy, paths: []}, '"paths": must name at least one path'],
  ['a path that begins nowhere', {...proxy, paths: ['tiles']}, '"paths[0]": must be a plain path'],
  ['a path with dots', {...proxy, paths: ['/a', '/a/../b']}, '"paths[1]": must be a plain path'],
  ['a path with parameters', {...proxy, paths: ['/a;b']}, '"paths[0]": must be a plain path'],
  [
    'a path outside of the upstream',
    {...proxy, upstream: 'https://h.example/base'},
    '"paths[0]": must be below the path of "upstream", /base',
  ],
  ['a mount with dots', {...proxy, mount: '/a/../b'}, '"mount": must be a plain path'],
  ['a mount without a slash', {...proxy, mount: 'map'}, '"mount": must be a plain path'],
  ['no credential', {...proxy, credential: undefined}, '"credential": is missing, or "broker" in its place'],
  [
    'a credential and a broker',
    {...proxy, broker: Object.assign(() => undefined, {credential: () => undefined})},
    '"credential": is not for use with "broker"',
  ],
  [
    'a broker that is a plain function',
    {...proxy, credential: undefined, broker: () => undefined},
    '"broker": must be what createTokenBroker gives',
  ],
  ['an unknown platform', {...proxy, platform: 'esri'}, '"platform": must be one of onemap,'],
  ['a misspelt option', {...proxy, path: '/tiles'}, '"path": is not known here'],
];

const refusal = (make: () => unknown): BrokerError => {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof BrokerError, String(error));
    return error;
  }
  return assert.fail('it was taken');
};

const cases = (make: (options: never) => unknown, wrong: readonly [string, unknown, string][]): void => {
  for (const [what, options, words] of wrong)
    it(what, () => {
      const {code, message} = refusal(() => make(options as never));
      assert.equal(code, 'invalid-option');
      assert.ok(message.startsWith(words), message);
      assert.doesNotMatch(message, /canary|77000123/);
    });
};

describe('createTokenBroker refuses', () => cases(createTokenBroker, wrongBrokers));
describe('createMapProxy refuses', () => cases(createMapProxy, wrongProxies));

describe('what is taken', () => {
  it('http on this machine, and elsewhere when told so', () => {
    for (const server of ['http://localhost:8080', 'http://127.0.0.1:1', 'http://[::1]:1', 'https://h.example'])
      createTokenBroker({...onemap, platform: 'onemap', server});
    createTokenBroker({...onemap, platform: 'onemap', server: 'http://h.example', allowHttp: true});
  });

  it('the two kinds of token of Spatial Studio beside streaming', () => {
    createTokenBroker({
      ...studio,
      platform: 'spatial-studio',
      action: 'read_write',
      resourceType: 'dataset_streaming_refreshing',
    });
    createTokenBroker({...studio, platform: 'spatial-studio', resourceType: 'embedded_published_project'});
  });
});
