import {loadedFor, type Bundle, type Chunk} from './bundle.js';

/** The entry with all that it imports, over the wire. */
export const firstLoadLimit = 100 * 1024;

/** With all that the first layer of features needs on top of that. */
export const vectorLoadLimit = 125 * 1024;

const total = (chunks: readonly Chunk[]): number => chunks.reduce((sum, {gzip}) => sum + gzip, 0);

export const firstLoad = ({first}: Bundle): number => total(first);

/** `NaN` when there is no such layer, which is within no limit. */
export const vectorLoad = (bundle: Bundle): number => {
  const chunks = loadedFor(bundle, /\/src\/layers\/geojson\.ts$/);
  return chunks.length > 0 ? firstLoad(bundle) + total(chunks) : NaN;
};

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1).padStart(7)} KiB`;

const line = ({file, gzip, bytes}: Chunk): string => `${kib(gzip)}  ${kib(bytes)}  ${file}`;

/** Every chunk with its size compressed and as it is, the first load and what comes later apart. */
export const sizeReport = (bundle: Bundle): string =>
  [
    '       gzip          raw',
    ...bundle.first.map(line),
    `${kib(firstLoad(bundle))}  first load, of ${firstLoadLimit / 1024} KiB allowed`,
    `${kib(vectorLoad(bundle))}  first load with a vector layer, of ${vectorLoadLimit / 1024} KiB allowed`,
    ...(bundle.lazy.length > 0 ? ['', 'When needed:', ...bundle.lazy.map(line)] : []),
  ].join('\n');
