import * as v from 'valibot';
import type {LayerConfig} from '../layers/registry.js';

const number = (message: string) => v.pipe(v.number(message), v.finite(message));
const lon = number('must be a longitude in degrees');
const lat = number('must be a latitude in degrees');

const isLatitude = (value: number | undefined): boolean => value !== undefined && Math.abs(value) <= 90;

const isOrdered = ([west = 0, south = 0, east = 0, north = 0]: readonly number[]): boolean =>
  west < east && south < north;

/** Where the map looks. Center and extent are lon/lat in degrees unless `crs` names another system. */
const viewFields = v.strictObject({
  projection: v.optional(v.string('must be the name of a projection, e.g. "EPSG:3857"')),
  center: v.optional(v.strictTuple([lon, lat], 'must be [lon, lat]')),
  zoom: v.optional(number('must be a zoom level (a number)')),
  rotation: v.optional(number('must be an angle in radians')),
  extent: v.optional(v.strictTuple([lon, lat, lon, lat], 'must be [west, south, east, north]')),
  crs: v.optional(v.string('must be the name of a projection, e.g. "EPSG:3857"')),
});

export const viewSchema = v.pipe(
  viewFields,
  v.check(
    ({center, crs}) => crs !== undefined || !center || isLatitude(center[1]),
    'center: the latitude must be from -90 to 90',
  ),
  v.check(
    ({extent}) => !extent || isOrdered(extent),
    'extent: must be [west, south, east, north], west below east and south below north',
  ),
);

const definition = v.pipe(
  v.string('must be a definition that proj4 reads, like "+proj=utm +zone=32 …"'),
  v.maxLength(5000, 'must be a definition of at most 5000 characters'),
);

/**
 * The document behind `config`. Types, messages and the published JSON Schema come from here. Layers are checked one by
 * one, each by the schema of its type, which is loaded when it is needed.
 */
export const mapConfigSchema = v.strictObject({
  $schema: v.optional(v.string('must be a URL')),
  title: v.optional(v.string('must be text')),
  /** Projections that are not built in, by their names. */
  projections: v.optional(v.record(v.string(), definition, 'must be an object of names and definitions')),
  view: v.optional(viewSchema),
  layers: v.array(v.unknown(), 'must be an array of layers'),
});

export type ViewConfig = v.InferOutput<typeof viewSchema>;

/** What a page may write as `config`. */
export interface MapConfig extends Omit<v.InferInput<typeof mapConfigSchema>, 'layers'> {
  readonly layers: readonly LayerConfig[];
}
