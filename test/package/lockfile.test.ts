import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const {packages}: {packages: Readonly<Record<string, Entry>>} = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Whether Node would find `name` from the package at `path`. */
const isLocked = (name: string, path: string): boolean => {
  const parts = path.split(/\/?node_modules\//);
  const places = parts.map((_, depth) => [...parts.slice(0, parts.length - depth), name].join('/node_modules/'));
  return places.some((place) => packages[place.replace(/^\//, '')] !== undefined);
};

// npm leaves out what its registry does not have at the moment, and then `npm ci` fails everywhere else.
test('the lockfile has the programs for every platform', () => {
  const missing = Object.entries(packages).flatMap(([path, {optionalDependencies = {}}]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(name, path)),
  );
  assert.deepEqual(missing, []);
});

test('the lockfile names no registry', () => {
  assert.deepEqual(
    Object.entries(packages).flatMap(([path, {resolved}]) => (resolved ? [path] : [])),
    [],
  );
});
