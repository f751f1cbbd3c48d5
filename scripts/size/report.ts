import type {Bundle, Chunk} from './bundle.js';

/** The entry with all that it imports, over the wire. */
export const firstLoadLimit = 100 * 1024;

export const firstLoad = ({first}: Bundle): number => first.reduce((sum, {gzip}) => sum + gzip, 0);

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1).padStart(7)} KiB`;

const line = ({file, gzip, bytes}: Chunk): string => `${kib(gzip)}  ${kib(bytes)}  ${file}`;

/** Every chunk with its size compressed and as it is, the first load and what comes later apart. */
export const sizeReport = (bundle: Bundle): string =>
  [
    '       gzip          raw',
    ...bundle.first.map(line),
    `${kib(firstLoad(bundle))}  first load, of ${firstLoadLimit / 1024} KiB allowed`,
    ...(bundle.lazy.length > 0 ? ['', 'When needed:', ...bundle.lazy.map(line)] : []),
  ].join('\n');
