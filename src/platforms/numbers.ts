import {isRecord} from '../credentials/is-record.js';

/** A number of an answer; some services write numbers as texts. */
export const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

export type Box = readonly [minX: number, minY: number, maxX: number, maxY: number];

/** The four edges of an area, by the names that the service has for them; `undefined` when it is none. */
export const boxOf = (value: unknown, names: readonly [string, string, string, string]): Box | undefined => {
  if (!isRecord(value)) return undefined;
  const [minX, minY, maxX, maxY] = names.map((name) => numberOf(value[name]));
  if (minX === undefined || minY === undefined || maxX === undefined || maxY === undefined) return undefined;
  return minX < maxX && minY < maxY ? [minX, minY, maxX, maxY] : undefined;
};
