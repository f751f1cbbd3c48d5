import {absoluteUrl} from '../layer-options.js';

/** What the configuration says of a WMS request; what it leaves open the service's URL may say, then the defaults. */
export interface WmsRequest {
  readonly url: string;
  readonly version?: string | undefined;
  readonly layers: string;
  readonly styles?: string | undefined;
  readonly format?: string | undefined;
  readonly time?: string | undefined;
  readonly params?: Readonly<Record<string, string | number | boolean>> | undefined;
}

export interface WmsView {
  /** West, south, east, north. */
  readonly extent: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly crs: string;
  /** The order of the axes by the definition of the projection: `neu` where north comes first. */
  readonly axes: string;
}

const defaults: Readonly<Record<string, string>> = {
  VERSION: '1.3.0',
  STYLES: '',
  FORMAT: 'image/png',
  TRANSPARENT: 'TRUE',
};

// What only the client can know. Parts of a pasted GetCapabilities URL must not win over it.
const ours = new Set(['SERVICE', 'REQUEST', 'BBOX', 'WIDTH', 'HEIGHT', 'CRS', 'SRS']);

interface Parameter {
  readonly name: string;
  readonly value: string;
}

const isOurs = ({name}: Parameter): boolean => ours.has(name.toUpperCase());

/** Parameters by their names without regard to case (WMS 1.3.0 §6.8.1). The last of a name wins. */
const merge = (...lists: readonly (readonly Parameter[])[]): Map<string, Parameter> =>
  new Map(lists.flat().map((parameter) => [parameter.name.toUpperCase(), parameter]));

const parameters = (values: Readonly<Record<string, string | number | boolean | undefined>>): Parameter[] =>
  Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{name, value: String(value)}]));

const isAtLeast13 = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || (major === 1 && minor >= 3);
};

const bbox = ([west = 0, south = 0, east = 0, north = 0]: readonly number[], northFirst: boolean): string =>
  (northFirst ? [south, west, north, east] : [west, south, east, north]).join(',');

/** A maker of GetMap URLs for the service at `url`, which may be relative to `baseUrl`. */
export const getMapUrls = (request: WmsRequest, baseUrl: string): ((view: WmsView) => string) => {
  const service = absoluteUrl(request.url, baseUrl);
  const inUrl = [...service.searchParams].map(([name, value]) => ({name, value}));
  service.search = '';
  service.hash = '';
  const {layers: LAYERS, styles: STYLES, format: FORMAT, version: VERSION, time: TIME} = request;
  const said = merge(
    parameters(defaults),
    inUrl.filter((parameter) => !isOurs(parameter)),
    parameters({LAYERS, STYLES, FORMAT, VERSION, TIME}),
    parameters(request.params ?? {}).filter((parameter) => !isOurs(parameter)),
  );
  const is13 = isAtLeast13(said.get('VERSION')?.value ?? '');
  const fixed = [{name: 'SERVICE', value: 'WMS'}, {name: 'REQUEST', value: 'GetMap'}, ...said.values()];
  return ({extent, width, height, crs, axes}) => {
    // Since 1.3.0 the axes are in the order of the projection's definition: latitude first for EPSG:4326.
    const BBOX = bbox(extent, is13 && axes.startsWith('ne'));
    const view = parameters({WIDTH: width, HEIGHT: height, [is13 ? 'CRS' : 'SRS']: crs, BBOX});
    const query = [...fixed, ...view].map(
      ({name, value}) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    );
    return `${service.href}?${query.join('&')}`;
  };
};
