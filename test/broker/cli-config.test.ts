import assert from 'node:assert/strict';
import {test} from 'node:test';
import {configFile, runCli} from './support/cli.js';

// The command line and the configuration of `secure-map-broker`, from outside.

const broker = {
  type: 'token-broker',
  platform: 'onemap',
  server: 'https://maps.example',
  secret: {username: 'viewer', password: {env: 'ONEMAP_PASSWORD'}},
  authorize: {public: true},
};
const good = {routes: {'/map-token': broker}};
const secrets = {ONEMAP_PASSWORD: 'correct horse', COOKIE: 'c'.repeat(32), SHORT: 'short-and-secret'};

const check = async (config: unknown, env: Readonly<Record<string, string>> = secrets, files = {}) => {
  const path = await configFile(config, files);
  const cli = runCli(['--check', path], env);
  const code = await cli.ended;
  // Told about each place: without the path of the file, which is another one each time.
  const lines = cli
    .err()
    .trim()
    .split('\n')
    .map((line) => line.replace(`${path}: `, ''));
  return {code, out: cli.out(), lines};
};

test('--help and --version', async () => {
  const [help, version] = [runCli(['--help']), runCli(['--version'])];
  assert.equal(await help.ended, 0);
  assert.match(help.out(), /^Usage: secure-map-broker \[--check\] CONFIG\.json\n/);
  assert.equal(await version.ended, 0);
  assert.match(version.out(), /^\d+\.\d+\.\d+\S*\n$/);
});

test('wrong arguments end with 2, and say how it is called', async () => {
  for (const args of [[], ['a.json', 'b.json'], ['--port', 'a.json']]) {
    const cli = runCli(args);
    assert.equal(await cli.ended, 2);
    assert.match(cli.err(), /\nUsage: secure-map-broker/);
    assert.equal(cli.out(), '');
  }
});

test('--check of a good configuration ends with 0 and asks nobody', async () => {
  const {code, out} = await check(good);
  assert.equal(code, 0);
  assert.match(out, /config\.json: 1 route, all right\n$/);
});

/** What is wrong, and the one line that says so. */
const wrong: Readonly<
  Record<string, {config: unknown; says: string | RegExp; env?: Record<string, string>; files?: Record<string, string>}>
> = {
  'no JSON': {config: '{"routes": {\n  "/a": oops}}', says: 'is no JSON: look at line 2'},
  'half a document': {config: '{"routes": {\n  "/a": {', says: 'is no JSON: it ends too early'},
  'no object': {config: '17', says: 'must be an object with "routes"'},
  'nothing in it': {config: {}, says: 'routes: is missing'},
  'no routes': {config: {routes: {}}, says: 'routes: must have at least one route'},
  'an unknown key': {config: {...good, secret: 'hunter2'}, says: 'secret: is not known here'},
  'an unknown type': {
    config: {routes: {'/a': {type: 'proxy'}}},
    says: 'routes["/a"].type: must be one of token-broker, map-proxy, sign-in, planviewer-provider',
  },
  'an unknown platform': {
    config: {routes: {'/a': {...broker, platform: 'arcgis'}}},
    says: /^routes\["\/a"\]\.platform: must be one of onemap, /,
  },
  'an option that the platform does not have': {
    config: {routes: {'/a': {...broker, ttlMinutes: 10}}},
    says: 'routes["/a"].ttlMinutes: is not known here',
  },
  'a part of the secret that is missing': {
    config: {routes: {'/a': {...broker, secret: {username: 'viewer'}}}},
    says: 'routes["/a"].secret.password: is missing',
  },
  'plain http': {
    config: {routes: {'/a': {...broker, server: 'http://maps.example'}}},
    says: 'routes["/a"].server: must be https (http on this machine only, or with "allowHttp": true)',
  },
  'nobody said who may': {
    config: {routes: {'/a': {...broker, authorize: {}}}},
    says: 'routes["/a"].authorize: must have one of "public", "signIn" and "forward"',
  },
  'two ways to say who may': {
    config: {routes: {'/a': {...broker, authorize: {public: true, signIn: '/auth/'}}}},
    says: 'routes["/a"].authorize: must have one of "public", "signIn" and "forward"',
  },
  'a sign-in that is not there': {
    config: {routes: {'/a': {...broker, authorize: {signIn: '/auth/'}}}},
    says: 'routes["/a"].authorize.signIn: must be the path of a route of the type "sign-in"',
  },
  'a question to the site over plain http': {
    config: {routes: {'/a': {...broker, authorize: {forward: {url: 'http://site.example/me'}}}}},
    says: 'routes["/a"].forward.url: must be https (http on this machine only, or with "allowHttp": true)',
  },
  'a path with an encoded character': {
    config: {routes: {'/a%2Fb': broker}},
    says: 'routes["/a%2Fb"]: is no path such as "/map-token" or "/tiles/"',
  },
  'a path that is taken': {
    config: {routes: {'/healthz': broker}},
    says: 'routes["/healthz"]: is taken, or has a segment that begins with a dot',
  },
  'a token broker with a slash at the end': {
    config: {routes: {'/a/': broker}},
    says: 'routes["/a/"]: the path of a token-broker must not end with a slash',
  },
  'a proxy without one': {
    config: {
      routes: {
        '/map-token': broker,
        '/tiles': {
          type: 'map-proxy',
          upstream: 'https://maps.example',
          paths: ['/wms'],
          broker: '/map-token',
          authorize: {public: true},
        },
      },
    },
    says: 'routes["/tiles"]: the path of a map-proxy must end with a slash: it stands for all below it',
  },
  'a proxy of a broker that is not there': {
    config: {
      routes: {
        '/tiles/': {
          type: 'map-proxy',
          upstream: 'https://maps.example',
          paths: ['/wms'],
          broker: '/nix',
          authorize: {public: true},
        },
      },
    },
    says: 'routes["/tiles/"].broker: must be the path of a route of the type "token-broker"',
  },
  'a sign-in under another path': {
    config: {
      routes: {
        '/auth/': {
          type: 'sign-in',
          issuer: 'https://login.example',
          clientId: 'a',
          cookieSecret: {env: 'COOKIE'},
          baseUrl: 'https://site.example/bff',
        },
      },
    },
    says: 'routes["/auth/"].baseUrl: must have the path of its route, /auth/',
  },
  'a secret that is too short': {
    config: {
      routes: {
        '/auth/': {
          type: 'sign-in',
          issuer: 'https://login.example',
          clientId: 'a',
          cookieSecret: {env: 'SHORT'},
          baseUrl: 'https://site.example/auth',
        },
      },
    },
    says: /^routes\["\/auth\/"\]\.cookieSecret: must be one or several random strings of at least 32 characters/,
  },
  'a proxy to trust that is no address': {
    config: {...good, trustProxy: ['nginx']},
    says: 'trustProxy[0]: must be an address or a range such as "10.0.0.0/8"',
  },
  'a port that is none': {config: {...good, listen: {port: 80_000}}, says: 'listen.port: must be 65535 at most'},
  'an environment variable that is not set': {
    config: good,
    env: {},
    says: 'routes["/map-token"].secret.password.env: the environment variable ONEMAP_PASSWORD is not set',
  },
  'an environment variable that is empty': {
    config: good,
    env: {ONEMAP_PASSWORD: ''},
    says: 'routes["/map-token"].secret.password.env: the environment variable ONEMAP_PASSWORD is empty',
  },
  'a file that is not there': {
    config: {routes: {'/a': {...broker, secret: {username: 'viewer', password: {file: 'nix'}}}}},
    says: /^routes\["\/a"\]\.secret\.password\.file: \/.+\/nix cannot be read \(ENOENT\)$/,
  },
  'a file that is empty': {
    config: {routes: {'/a': {...broker, secret: {username: 'viewer', password: {file: 'pw'}}}}},
    files: {pw: '\n'},
    says: /^routes\["\/a"\]\.secret\.password\.file: \/.+\/pw is empty$/,
  },
};

for (const [what, {config, says, env, files}] of Object.entries(wrong))
  test(`${what}: one line that names the place, and 1`, async () => {
    const {code, lines, out} = await check(config, env ?? secrets, files);
    assert.equal(lines.length, 1, lines.join('\n'));
    if (typeof says === 'string') assert.equal(lines[0], says);
    else assert.match(lines[0] ?? '', says);
    assert.equal(code, 1);
    assert.equal(out, '');
    for (const secret of [...Object.values(secrets), 'hunter2']) assert.ok(!lines.join().includes(secret));
  });

const asked = 'must be {"env": "NAME"} or {"file": "path"}: no secret is written into the configuration';
const several = 'must be a reference such as {"env": "NAME"}, or several';

test('a secret in the configuration is refused wherever one may stand, and never shown', async () => {
  const word = 'hunter2-hunter2-hunter2-hunter2-hunter2';
  const proxy = {type: 'map-proxy', upstream: 'https://maps.example', paths: ['/wms'], authorize: {public: true}};
  const signIn = {
    type: 'sign-in',
    issuer: 'https://login.example',
    clientId: 'a',
    baseUrl: 'https://site.example/auth',
  };
  const provider = {type: 'planviewer-provider', authenticate: {signIn: '/auth/'}};
  const {code, lines} = await check({
    routes: {
      '/a': {...broker, secret: {username: 'viewer', password: word}},
      '/b': {...broker, platform: 'spatial-studio', secret: {generatorToken: word}},
      '/c/': {...proxy, credential: {token: word}},
      '/auth/': {...signIn, clientSecret: word, cookieSecret: [word]},
      '/plan/': {
        ...provider,
        key: word,
        clients: [{clientId: 'p', clientSecret: word, redirectUris: ['https://p.example/']}],
      },
    },
  });
  assert.equal(code, 1);
  assert.deepEqual(lines, [
    `routes["/a"].secret.password: ${asked}`,
    `routes["/b"].secret.generatorToken: ${asked}`,
    `routes["/c/"].credential.token: ${asked}`,
    `routes["/auth/"].clientSecret: ${asked}`,
    `routes["/auth/"].cookieSecret: ${several}`,
    `routes["/plan/"].clients[0].clientSecret: ${asked}`,
    `routes["/plan/"].key: ${several}`,
  ]);
});
