import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {packThis} from './packed.js';

const {root, consumer, read} = packThis();
const {bin, version}: {bin: Readonly<Record<string, string>>; version: string} = JSON.parse(read('package.json'));

test('the package has the command secure-map-broker, and npm can make it a program', () => {
  assert.deepEqual(Object.keys(bin), ['secure-map-broker']);
  assert.ok(read(String(bin['secure-map-broker'])).startsWith('#!/usr/bin/env node\n'));
});

test('it runs from the package as it is shipped', () => {
  const program = join(root, String(bin['secure-map-broker']));
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [program, ...args], {
      cwd: consumer,
      encoding: 'utf8',
      env: {PATH: process.env['PATH']},
    });
  assert.equal(run('--version'), `${version}\n`);
  assert.match(run('--help'), /^Usage: secure-map-broker/);

  const config = join(consumer, 'broker.json');
  const secret = {username: 'viewer', password: {env: 'PASSWORD'}};
  const route = {
    type: 'token-broker',
    platform: 'onemap',
    server: 'https://maps.example',
    secret,
    authorize: {public: true},
  };
  writeFileSync(config, JSON.stringify({routes: {'/map-token': route}}));
  const {status, stderr} = spawnSync(process.execPath, [program, '--check', config], {encoding: 'utf8', env: {}});
  assert.equal(status, 1);
  assert.match(stderr, /secret\.password\.env: the environment variable PASSWORD is not set\n$/);
});

test('the JSON Schema of its configuration knows every type of route, and no secret as text', () => {
  const schema = JSON.parse(read('dist/secure-map-broker.schema.json'));
  const routes: {properties: Record<string, {const?: string; anyOf?: unknown[]; type?: string}>}[] =
    schema.properties.routes.additionalProperties.oneOf;
  assert.deepEqual(
    routes.map(({properties}) => properties['type']?.const),
    ['token-broker', 'map-proxy', 'sign-in', 'planviewer-provider'],
  );
  const secrets = routes.flatMap(({properties}) => [
    properties['clientSecret'],
    properties['cookieSecret'],
    properties['key'],
  ]);
  for (const secret of secrets.filter((found) => found !== undefined))
    assert.ok(secret.anyOf && secret.type === undefined);
});
