import {imageAnswer} from './images.js';

const web = {wkid: 102100, latestWkid: 3857};
const half = 20_037_508.342787;

/** A MapServer with a cache in the tiling of the web, from level 1 on. */
export const arcgisDocument = (): Record<string, unknown> => ({
  currentVersion: 11.2,
  copyrightText: 'City of <b>Example</b>',
  capabilities: 'Map,Query,Data',
  layers: [
    {id: 0, name: 'Pipes'},
    {id: 3, name: 'Wells'},
  ],
  spatialReference: web,
  singleFusedMapCache: true,
  tileInfo: {
    rows: 256,
    cols: 256,
    format: 'PNG32',
    origin: {x: -half, y: half},
    spatialReference: web,
    lods: [1, 2, 3].map((level) => ({level, resolution: 156_543.03392800014 / 2 ** level, scale: 1})),
  },
  fullExtent: {xmin: -half, ymin: -half, xmax: half, ymax: half, spatialReference: web},
});

/** Answers as that service does, whose description may differ. */
export const arcgisAnswer =
  (different: Record<string, unknown> = {}) =>
  async (url: string): Promise<Response> =>
    /Server\/?\?(?:.*&)?f=json/.test(url) ? Response.json({...arcgisDocument(), ...different}) : imageAnswer('red');
