import {SecureMapError} from '../credentials/errors.js';

/** The parts of the viewer shell that are there unless the page says else. */
const defaultControls = ['zoom', 'layers', 'scale', 'account'] as const;
/** All of them, in the order in which they are named in the documentation. */
export const controlNames = [...defaultControls, 'legend', 'export'] as const;
export type ControlName = (typeof controlNames)[number];

/** What those attributes mean that mean something when they are not there. */
export const attributeDefaults: Readonly<Record<string, string>> = {
  controls: defaultControls.join(' '),
  theme: 'auto',
  login: 'popup',
  'token-transport': 'header',
  'token-storage': 'memory',
  dpop: 'auto',
};

const wrong = (attribute: string, allowed: string): SecureMapError =>
  new SecureMapError('invalid-attribute', `${attribute}: wrong value. Allowed: ${allowed}.`);

const finite = (text: string): number => (text.trim() === '' ? NaN : Number(text));

const parseNumbers = (attribute: string, value: unknown, count: number, allowed: string): number[] => {
  const parts = typeof value === 'string' ? value.split(',').map(finite) : value;
  if (!Array.isArray(parts) || parts.length !== count || !parts.every((part) => Number.isFinite(part))) {
    throw wrong(attribute, allowed);
  }
  return parts;
};

/** `"lon,lat"` in degrees. */
export const parseCenter = (value: unknown): [number, number] => {
  const allowed = '"lon,lat" in degrees, e.g. "5.12,52.09"';
  const [lon = NaN, lat = NaN] = parseNumbers('center', value, 2, allowed);
  if (Math.abs(lat) > 90) throw wrong('center', `${allowed}; the latitude is from -90 to 90`);
  return [lon, lat];
};

/** `"west,south,east,north"` in degrees. */
export const parseExtent = (value: unknown): [number, number, number, number] => {
  const allowed = '"west,south,east,north" in degrees, west below east and south below north';
  const [west = NaN, south = NaN, east = NaN, north = NaN] = parseNumbers('extent', value, 4, allowed);
  if (west >= east || south >= north) throw wrong('extent', allowed);
  return [west, south, east, north];
};

export const parseNumber = (attribute: string, value: unknown, allowed: string, least = -Infinity): number => {
  const number = typeof value === 'string' ? finite(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < least) throw wrong(attribute, allowed);
  return number;
};

/** Space-separated names; `none` for none. */
export const parseControls = (value: string): ReadonlySet<ControlName> => {
  const names = value.split(/\s+/).filter(Boolean);
  if (names.length === 1 && names[0] === 'none') return new Set();
  const known = controlNames.filter((name) => names.includes(name));
  if (known.length !== new Set(names).size) throw wrong('controls', `${controlNames.join(' ')}, or none`);
  return new Set(known);
};

export const parseChoice = <T extends string>(attribute: string, value: string, allowed: readonly T[]): T => {
  const found = allowed.find((choice) => choice === value);
  if (found === undefined) throw wrong(attribute, allowed.join(', '));
  return found;
};

/** A JSON attribute, or the property of the same name, which takes the value itself. */
export const parseJson = (attribute: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw wrong(attribute, 'JSON');
  }
};
