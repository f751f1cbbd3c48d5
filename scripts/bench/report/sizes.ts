import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {readBundle} from '../../size/bundle.js';
import {firstLoad, vectorLoad} from '../../size/report.js';
import type {Built} from '../build.js';

/** Bytes as they come over the wire, with gzip. */
export interface Sizes {
  readonly first: number;
  readonly vector: number;
  /** What of OpenLayers the bare page takes for the same map. */
  readonly bare: number;
}

const gzipped = (path: string): number => gzipSync(readFileSync(path), {level: 9}).length;

/** An entry with the chunks that it names. */
const withChunks = (folder: string, entry: string): number => {
  const code = readFileSync(join(folder, entry), 'utf8');
  const chunks = readdirSync(join(folder, 'chunks')).filter((name) => name.endsWith('.js'));
  const seen = new Set<string>();
  const follow = (text: string): void => {
    for (const name of chunks) {
      if (seen.has(name) || !text.includes(name)) continue;
      seen.add(name);
      follow(readFileSync(join(folder, 'chunks', name), 'utf8'));
    }
  };
  follow(code);
  return [...seen].reduce((sum, name) => sum + gzipped(join(folder, 'chunks', name)), gzipped(join(folder, entry)));
};

export const measureSizes = ({dist, pages}: Built): Sizes => {
  const bundle = readBundle(join(dist, 'secure-map.js'));
  return {first: firstLoad(bundle), vector: vectorLoad(bundle), bare: withChunks(pages, 'load-bare.js')};
};

export const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
