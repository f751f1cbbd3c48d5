import * as v from 'valibot';
import {isSecureMapError, SecureMapError} from '../credentials/errors.js';
import {isRecord} from '../credentials/is-record.js';
import {at, mapPath} from './address.js';
import type {Platform, PlatformSettings} from './platform.js';
import {readObject} from './read-answer.js';
import {invalid, unusable} from './wrong.js';

type Document = Readonly<Record<string, unknown>>;

const options = v.strictObject({});

/** Assumed: neither the address of a map's configuration nor its form is documented. `config` names another one. */
const urlOf = ({config, server, map}: PlatformSettings): string =>
  config?.href ?? at(server, `/api/v1/maps${mapPath(map, 'sewers, the name of the map in its address')}`);

/** One of ours, or one of those that `config` recognises. */
const isKnown = (document: Document): boolean =>
  ['$schema', 'view', 'projections', 'tilejson', 'sources', 'links'].some((field) => field in document);

/** The layers of a map, of which ours knows those fields. */
const layerOf = (layer: unknown): unknown => {
  if (!isRecord(layer)) return layer;
  const {queryable, layers, ...fields} = layer;
  return {
    ...fields,
    ...(typeof queryable === 'boolean' ? {identify: queryable} : {}),
    ...(layers === undefined ? {} : {layers: Array.isArray(layers) ? layers.map(layerOf) : layers}),
  };
};

/**
 * What a map has (title, projection, extent and layers in order) is documented; assumed are these names, that the extent
 * is in the units of the projection, and that layers have the fields of ours.
 */
const translate = ({title, projection, extent, layers}: Document): object => {
  if (!Array.isArray(layers))
    throw unusable(
      'the map has no "layers". The form of a Onemap configuration is not documented: the property configAdapter takes a '
        + 'function that makes a map configuration of it',
    );
  const crs = typeof projection === 'string' ? {projection, ...(extent === undefined ? {} : {crs: projection})} : {};
  return {
    ...(title === undefined ? {} : {title}),
    view: {...crs, ...(extent === undefined ? {} : {extent})},
    layers: layers.map(layerOf),
  };
};

const adapt = async (document: Document, settings: PlatformSettings): Promise<object> => {
  const {configAdapter, server, map} = settings;
  if (!configAdapter) return isKnown(document) ? document : translate(document);
  let adapted: unknown;
  try {
    adapted = await configAdapter(document, {server, map, url: urlOf(settings)});
  } catch (cause) {
    throw isSecureMapError(cause)
      ? cause
      : new SecureMapError('invalid-config', 'configAdapter: failed; its error is the cause of this one.', {cause});
  }
  if (!isRecord(adapted)) throw invalid('configAdapter', 'must answer with a map configuration (an object)');
  return adapted;
};

/** Onemap of NieuwlandGeo. `map` is the name that the map has in its address. Not OneMap of Singapore. */
export const onemap: Platform<typeof options> = {
  needs: ['server', 'map'],
  takesConfig: true,
  options,
  layers: async (settings, context) => adapt(await readObject(urlOf(settings), context), settings),
  baseUrl: urlOf,
};
