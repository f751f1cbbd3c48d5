import * as v from 'valibot';
import {at, mapPath} from './address.js';
import type {Platform} from './platform.js';
import {invalid} from './wrong.js';

const options = v.strictObject({
  /** `vt`: vector tiles; `jsonstream`: all of the dataset as GeoJSON; `rt`: tiles of a GeoRaster. */
  kind: v.optional(v.picklist(['vt', 'jsonstream', 'rt'], 'must be "vt", "jsonstream" or "rt"'), 'vt'),
});

type Kind = v.InferOutput<typeof options>['kind'];

const examples: Readonly<Record<Kind, string>> = {
  vt: 'DATASET/GEOMETRY_COLUMN',
  jsonstream: 'DATASET/GEOMETRY_COLUMN, or DATASET alone when it has one such column',
  rt: 'the id of the raster column',
};
const parts: Readonly<Record<Kind, readonly number[]>> = {vt: [2], jsonstream: [1, 2], rt: [1]};

const contextRoot = '/spatialstudio';

/** The server alone is as good as the server with the path that Spatial Studio is installed at. */
const withRoot = (server: URL): URL => (server.pathname === '/' ? new URL(contextRoot, server) : server);

const layerOf = (kind: Kind, path: string, server: URL): object => {
  // With a token the path of the interface is `/oauth/v1`; `/api/v1` is for visitors of Spatial Studio itself.
  const url = at(withRoot(server), `/oauth/v1/${kind}`);
  if (kind === 'rt') return {type: 'xyz', url: `${url}${path}/{z}/{x}/{y}.png`};
  if (kind === 'vt') return {type: 'mvt', url: `${url}${path}/{z}/{x}/{y}.mvt`, identify: true};
  const [, dataset = '', column] = path.split('/');
  return {type: 'geojson', url: `${url}/${dataset}${column === undefined ? '' : `?geo=${column}`}`, identify: true};
};

/** Oracle Spatial Studio: a dataset or a raster by the ids that Spatial Studio shows for it. Nothing has to be read first. */
export const spatialStudio: Platform<typeof options> = {
  needs: ['server', 'map'],
  options,
  layers({server, map, options: {kind}}) {
    const path = mapPath(map, examples[kind]);
    if (!parts[kind].includes(path.split('/').length - 1))
      throw invalid('map', `must be ${examples[kind]} with the kind "${kind}"`);
    const [, id = ''] = path.split('/');
    return {layers: [{...layerOf(kind, path, server), id: 'map', title: decodeURIComponent(id)}]};
  },
};
