import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {userInfo} from 'node:os';
import {test} from 'node:test';
import {absent} from './absent.js';
import {packThis} from './packed.js';

const {files, read} = packThis();
const shipped = files.filter((file) => file.startsWith('dist/')).map((file) => ({file, code: read(file)}));
const maps = shipped.filter(({file}) => file.endsWith('.map'));
const programs = shipped.filter(({file}) => file.endsWith('.js'));
/** Ours alone, one file per module, as the compiler left them. */
const ownModules = programs.filter(({file}) => file.startsWith('dist/modules/'));
/** The server half may hold secrets; that no browser loads it is told by `broker.test.ts`. */
const forBrowsers = ownModules.filter(({file}) => !file.startsWith('dist/modules/broker/'));

const anyOf = (texts: readonly string[]): RegExp =>
  new RegExp(texts.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)).join('|'));

test('no path of the machine that built it', () => {
  const folders = [process.cwd(), process.env['HOME'], `/home/${userInfo().username}`];
  absent(anyOf(folders.flatMap((folder) => (folder && folder !== '/' ? [`${folder}/`] : []))), shipped);
  absent(/file:\/\/\//, shipped);
});

test('source maps name their sources by relative paths', () => {
  assert.ok(maps.length > 0);
  for (const {file, code} of maps) {
    const {sources, sourceRoot}: {sources: readonly string[]; sourceRoot?: string} = JSON.parse(code);
    assert.ok(!sourceRoot, file);
    assert.deepEqual(
      sources.filter((source) => !/^(\.\.\/)+(src|scripts\/bundle|node_modules)\//.test(source)),
      [],
      file,
    );
  }
});

test('no value of the build environment', () => {
  absent(/import\.meta\.env|process\.env|__vite/, programs);
  // Long values only: a short one stands in many a text.
  const values = Object.entries(process.env).flatMap(([name, value]) =>
    value && value.length >= 16 && /token|secret|passw|credential|key|auth/i.test(name) ? [value] : [],
  );
  if (values.length > 0) absent(anyOf(values), shipped);
});

test('nothing that looks like a secret', () => {
  absent(/-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/=]{16}/, shipped);
  // A signed token: header, payload and signature, each long enough to be one.
  absent(/eyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{20,}/, shipped);
  absent(/\b(npm_[A-Za-z0-9]{36}|gh[pousr]_[A-Za-z0-9]{36}|AKIA[A-Z0-9]{16})\b/, shipped);
});

test('no password grant', () => {
  absent(/grant_type=password/, shipped);
  absent(/grant_type['"`]?\s*[,:=]\s*['"`]password/, forBrowsers);
});

test('no client secret in our own code', () => absent(/client_?secret/i, forBrowsers));

test('callback.html has one script, from beside itself, and nothing inline', () => {
  const page = read('dist/callback.html').replaceAll(/<!--[\s\S]*?-->/g, '');
  const scripts = [...page.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)];
  assert.equal(scripts.length, 1);
  const [, attributes = '', body = ''] = scripts[0] ?? [];
  assert.match(attributes, /\bsrc="(\.\/)?callback\.js"/);
  assert.equal(body.trim(), '');
  assert.doesNotMatch(page, /\son\w+\s*=/i);
  assert.doesNotMatch(page, /javascript:/i);
  assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//i);
});

test('bridge.html has one script, the only one that its policy lets run, and an allow list of nobody', () => {
  const page = read('dist/bridge.html').replaceAll(/<!--[\s\S]*?-->/g, '');
  const scripts = [...page.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)];
  assert.equal(scripts.length, 2);
  const [[, list = '', allow = ''] = [], [, attributes = '', body = ''] = []] = scripts;
  assert.match(list, /^ id="allow" type="application\/json"$/);
  assert.deepEqual(JSON.parse(allow), {pages: [], paths: []});
  assert.equal(attributes, '');
  assert.doesNotMatch(page.replace(body, ''), /\son\w+\s*=/i);
  const hash = createHash('sha256').update(body).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; connect-src 'self'`;
  assert.ok(page.includes(`http-equiv="Content-Security-Policy" content="${policy}"`));
});

for (const [file, limit] of [
  ['callback.js', 8_192],
  ['bridge.html', 16_384],
] as const)
  test(`${file} is no part of the app`, () => {
    const code = read(`dist/${file}`);
    absent(/\bimport\b/, [{file, code: code.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')}]);
    assert.ok(code.length < limit, `${code.length} characters`);
  });
