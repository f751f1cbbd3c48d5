import {createHash} from 'node:crypto';
import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Plugin} from 'vite';

const place = /<script(?: src="bridge\.js")?>[\s\S]*?<\/script>/;
const policy = /script-src '[^']+'/;

/** `bridge.html` with this script in it, and a policy that lets no other run (CSP 3, §2.3.1 `hash-source`). */
export const withScript = (page: string, script: string): string => {
  if (!place.test(page) || !policy.test(page) || script.includes('</script'))
    throw new Error('bridge.html has changed.');
  // As a browser reads it, whatever line ends the file has.
  const text = `\n${script.replaceAll('\r\n', '\n')}`;
  const hash = createHash('sha256').update(text).digest('base64');
  return page.replace(place, () => `<script>${text}</script>`).replace(policy, () => `script-src 'sha256-${hash}'`);
};

/**
 * One file for the operator of a tile host. With its script in it, the frame is ready a round trip sooner, and the first
 * tiles of every map wait for it.
 */
export const oneBridgePage = (): Plugin => ({
  name: 'one-bridge-page',
  apply: 'build',
  async writeBundle({dir = 'dist'}) {
    const [page, script] = [join(dir, 'bridge.html'), join(dir, 'bridge.js')];
    await writeFile(page, withScript(await readFile(page, 'utf8'), await readFile(script, 'utf8')));
    await rm(script);
  },
});
