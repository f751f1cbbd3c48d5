import {layerKinds} from '../../src/layers/registry.js';
import type {ServerName} from '../../scripts/servers/software.js';

/** A server, a service of it, and the way in which the viewer asks it: a line of the table in docs/servers.md. */
export interface Row {
  readonly server: ServerName;
  readonly service: string;
  readonly kind: string;
  /** Where the map is not in EPSG:3857. */
  readonly projection?: string;
  /** The layer's config; `base` is the gate, or the part of it that needs another role. */
  layer(base: string, name?: string): Readonly<Record<string, unknown>>;
  /** Pictures, or shapes that the viewer draws in its own colours. */
  readonly draws: 'image' | 'features';
  /** What a layer that the service does not have is told as: the kind of a `layer-error`, or the code of an error. */
  readonly unknown: 'ogc' | 'network' | 'invalid-layer';
}

/** The colour of features, and what their servers never draw with. */
export const fill: readonly [number, number, number] = [11, 107, 118];
const style = {'fill-color': `rgb(${fill.join(', ')})`};

const wms =
  (options: object) =>
  (base: string, name = 'world') => ({type: 'wms', url: `${base}/mapserver`, layers: name, ...options});

const getFeature = (version: string, typeName: string) => (base: string, name: string) =>
  `${base}/mapserver?SERVICE=WFS&VERSION=${version}&REQUEST=GetFeature`
  + `&${typeName}=${name}&SRSNAME=EPSG:4326&OUTPUTFORMAT=geojson`;

const wfsGeoJson = (version: string, typeName: string) => {
  const url = getFeature(version, typeName);
  return (base: string, name = 'countries') => ({type: 'geojson', url: url(base, name), style});
};

const tiles =
  (path: string) =>
  (base: string, name = 'world') => ({type: 'xyz', url: `${base}/mapproxy/tiles/${name}/GLOBAL_WEBMERCATOR/${path}`});

const image = {draws: 'image', unknown: 'ogc'} as const;
// MapProxy says with status 404 and plain words that it has no such tiles, which is no service exception.
const plainTiles = {draws: 'image', unknown: 'network'} as const;
// The viewer reads the capabilities, and knows without asking for a tile.
/** Its capabilities say what there is. */
const described = {draws: 'image', unknown: 'invalid-layer'} as const;
const features = {draws: 'features', unknown: 'ogc'} as const;

const all: readonly Row[] = [
  {server: 'MapServer', service: 'WMS 1.3.0', kind: 'wms', layer: wms({version: '1.3.0'}), ...image},
  {server: 'MapServer', service: 'WMS 1.1.1', kind: 'wms', layer: wms({version: '1.1.1'}), ...image},
  {server: 'MapServer', service: 'WMS 1.3.0', kind: 'wms, single', layer: wms({single: true}), ...image},
  {
    server: 'MapServer',
    service: 'WMS 1.3.0, EPSG:4326',
    kind: 'wms',
    projection: 'EPSG:4326',
    layer: wms({version: '1.3.0'}),
    ...image,
  },
  {
    server: 'MapServer',
    service: 'WMS 1.1.1, EPSG:4326',
    kind: 'wms',
    projection: 'EPSG:4326',
    layer: wms({version: '1.1.1'}),
    ...image,
  },
  {
    server: 'MapServer',
    service: 'WFS 1.1.0, GeoJSON',
    kind: 'geojson',
    layer: wfsGeoJson('1.1.0', 'TYPENAME'),
    ...features,
  },
  {
    server: 'MapServer',
    service: 'WFS 2.0.0, GeoJSON',
    kind: 'geojson',
    layer: wfsGeoJson('2.0.0', 'TYPENAMES'),
    // The exception comes with status 400, as WFS 2.0.0 wants it.
    ...features,
  },
  {
    server: 'MapServer',
    service: 'WFS 1.1.0',
    kind: 'wfs',
    layer: (base, typeName = 'countries') => ({
      type: 'wfs',
      url: `${base}/mapserver`,
      typeName,
      version: '1.1.0',
      style,
    }),
    ...described,
    draws: 'features',
  },
  {
    server: 'MapServer',
    service: 'WFS 2.0.0',
    kind: 'wfs',
    layer: (base, typeName = 'countries') => ({
      type: 'wfs',
      url: `${base}/mapserver`,
      typeName,
      version: '2.0.0',
      style,
    }),
    ...described,
    draws: 'features',
  },
  // Not `/tms/`, whose levels are one off from everybody else's, as that specification wants it.
  {
    server: 'MapProxy',
    service: 'tiles, TMS rows',
    kind: 'xyz',
    layer: tiles('{z}/{x}/{-y}.png?origin=sw'),
    ...plainTiles,
  },
  {
    server: 'MapProxy',
    service: 'tiles, XYZ rows',
    kind: 'xyz',
    layer: tiles('{z}/{x}/{y}.png?origin=nw'),
    ...plainTiles,
  },
  {
    server: 'MapProxy',
    service: 'WMTS 1.0.0, RESTful',
    kind: 'wmts',
    layer: (base, layer = 'world') => ({
      type: 'wmts',
      url: `${base}/mapproxy/wmts/1.0.0/WMTSCapabilities.xml`,
      layer,
    }),
    ...described,
  },
  {
    server: 'MapProxy',
    service: 'WMTS 1.0.0, KVP',
    kind: 'wmts',
    layer: (base, layer = 'world') => ({
      type: 'wmts',
      url: `${base}/mapproxy/service?SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0`,
      layer,
    }),
    ...described,
  },
];

/** The rows of the layer types that there are, and those that wait for one. */
const [typeOf, isThere] = [
  (row: Row): string => /^\w+/.exec(row.kind)?.[0] ?? '',
  (type: string) => type in layerKinds,
];
export const rows = all.filter((row) => isThere(typeOf(row)));
export const waiting = all.filter((row) => !isThere(typeOf(row)));

export const nameOf = ({server, service, kind}: Row): string => `${server}, ${service}, ${kind}`;
