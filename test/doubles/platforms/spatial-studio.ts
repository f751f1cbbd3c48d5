import {bearerOf, bytes, createFront, json, notAllowed} from './front.js';
import type {CorsMode, PlatformDouble} from './front.js';
import {createIssuedTokens} from './issued-tokens.js';
import type {IssuedToken, IssuedTokens} from './issued-tokens.js';
import {createWorldContent, isTile} from './world-content.js';
import type {Dataset, WorldContent} from './world-content.js';

export interface SpatialStudioOptions {
  readonly now?: () => number;
  readonly cors?: CorsMode;
  readonly generatorToken?: string;
  readonly content?: WorldContent;
}

export interface StudioToken {
  readonly name: string;
  readonly validTime: number;
  readonly action: string;
  readonly resourceType: string;
}

export interface SpatialStudioDouble extends PlatformDouble {
  /** One per user; regenerating it makes the one before worthless. */
  generatorToken: string;
  /** Assumed false: whether a token of 0 minutes can be made is not said. */
  allowsZeroMinutes: boolean;
  readonly tokens: IssuedTokens<StudioToken>;
}

export const GENERATOR_TOKEN = 'eyJ0eXAiOiJzZ3RlY2dlbiJ9.spatial-studio-generator-token';

/** The dataset and column that are drawn, as identifiers of Studio look. */
export const STUDIO_DATASETS: Readonly<Record<string, {readonly column: string; readonly data: Dataset}>> = {
  '7e4c8901aa5f4d0c': {column: 'GEOM', data: 'countries'},
  '1b2c3d4e5f607182': {column: 'LOCATION', data: 'cities'},
};
export const STUDIO_RASTER = '9f8e7d6c5b4a3921';

const ROOT = '/spatialstudio/oauth/v1';

/** Of what an action and a resource type may be, all that may be together. */
const COMBINATIONS = new Set([
  'read_only all',
  'read_write all',
  'read_only dataset_streaming',
  'read_write dataset_streaming_refreshing',
  'read_only embedded_published_project',
]);

/** Oracle Spatial Studio. Assumed: CORS is on for GET, as the vendor's sample for MapLibre needs; the bodies of refusals. */
export const createSpatialStudioDouble = ({
  now = Date.now,
  cors = 'on',
  generatorToken = GENERATOR_TOKEN,
  content = createWorldContent(),
}: SpatialStudioOptions = {}): SpatialStudioDouble => {
  const tokens = createIssuedTokens<StudioToken>(now);

  const issue = (request: Request, query: URLSearchParams): Response => {
    const presented = bearerOf(request) ?? '';
    if (presented !== double.generatorToken) {
      const isKnown = tokens.state(presented) === 'valid';
      return isKnown ? refused(403, 'An access-generator token is needed.') : refused(401, 'Authentication required');
    }
    if (request.method !== 'POST') return notAllowed('POST');
    const about = wishOf(query, double.allowsZeroMinutes);
    if (typeof about === 'string') return refused(400, about);
    const token = mint();
    tokens.add(token, about.validTime === -1 ? Infinity : about.validTime * 60, about);
    // The sample goes on with "…". Assumed: with what was asked for.
    return json({token, ...about}, 200, {'cache-control': 'no-store'});
  };

  const tokenOf = (request: Request): IssuedToken<StudioToken> | Response => {
    const presented = bearerOf(request) ?? '';
    // Assumed: it makes tokens and nothing else.
    if (presented === double.generatorToken) return refused(403, 'An access-generator token gives no access to data.');
    const entry = tokens.state(presented) === 'valid' ? tokens.find(presented) : undefined;
    return entry ?? refused(401, 'Authentication required');
  };

  const data = (request: Request, url: URL): Response | Promise<Response> => {
    const token = tokenOf(request);
    if (token instanceof Response) return token;
    const {resourceType} = token.about;
    const path = url.pathname.slice(ROOT.length);
    const isStreaming = /^\/(?:vt|jsonstream|rt)\//u.test(path);
    const mayStream = resourceType !== 'embedded_published_project';
    if (resourceType !== 'all' && !(isStreaming && mayStream)) {
      return refused(403, `A token for ${resourceType} is not valid here.`);
    }
    if (request.method !== 'GET') return refresh(request, path, token.about);
    if (path === '/datasets') return json(Object.keys(STUDIO_DATASETS).map((id) => ({id})));
    return stream(path, url.searchParams);
  };

  /** Assumed: how vector tiles are made anew is not documented; that a token for streaming may not, is. */
  const refresh = (request: Request, path: string, {action}: StudioToken): Response => {
    if (action !== 'read_write') return refused(403, 'A read-only token is for GET.');
    const dataset = STUDIO_DATASETS[/^\/vt\/(\w+)$/u.exec(path)?.[1] ?? ''];
    if (request.method !== 'POST' || !dataset) return notAllowed('GET');
    return new Response(null, {status: 204});
  };

  const stream = async (path: string, query: URLSearchParams): Promise<Response> => {
    const [, kind, id = '', rest = ''] = /^\/(vt|jsonstream|rt)\/(\w+)(\/.*)?$/u.exec(path) ?? [];
    const dataset = STUDIO_DATASETS[id];
    if (kind === 'jsonstream' && dataset && rest === '') {
      // Optional where there is one geometry column, as here.
      const column = query.get('geo') ?? dataset.column;
      if (column !== dataset.column) return refused(404, `The dataset has no geometry column ${column}.`);
      return json(content.features(dataset.data));
    }
    const [, column, z, x, y, type] = /^(?:\/(\w+))?\/(\d+)\/(\d+)\/(\d+)\.(mvt|png)$/u.exec(rest) ?? [];
    const tile = [Number(z), Number(x), Number(y)] as const;
    const exists = isTile(...tile);
    if (kind === 'vt' && dataset && column === dataset.column && type === 'mvt' && exists) {
      // Assumed: the name of the layer.
      return bytes(content.vectorTile(dataset.data, 'LAYER', ...tile), 'application/vnd.mapbox-vector-tile');
    }
    if (kind === 'rt' && id === STUDIO_RASTER && column === undefined && type === 'png' && exists) {
      return bytes(await content.tile('world', ...tile), 'image/png');
    }
    return refused(404, 'Not found');
  };

  const answer = (request: Request, url: URL): Response | Promise<Response> => {
    if (url.pathname === `${ROOT}/user/token`) return issue(request, url.searchParams);
    if (url.pathname.startsWith(`${ROOT}/`)) return data(request, url);
    // Assumed: the paths without `oauth` know sessions of the sign-in page only.
    if (url.pathname.startsWith('/spatialstudio/api/v1/')) return refused(401, 'Authentication required');
    return refused(404, 'Not found');
  };

  const front = createFront({
    cors,
    rules: {methods: ['GET'], applies: (method) => method === 'GET'},
    answer,
  });
  const double: SpatialStudioDouble = Object.assign(front, {generatorToken, allowsZeroMinutes: false, tokens});
  return double;
};

/** What looks like a JWT and says what it is in its header, whose `typ` is of no standard. */
const mint = (): string =>
  [JSON.stringify({typ: 'sgtech', alg: 'HS256'}), JSON.stringify({jti: crypto.randomUUID()}), crypto.randomUUID()]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

/** What is asked for, or what is wrong with it. All four parameters are mandatory. */
const wishOf = (query: URLSearchParams, allowsZeroMinutes: boolean): StudioToken | string => {
  const [name = '', minutes = '', action = '', resourceType = ''] = ['name', 'validTime', 'action', 'resourceType'].map(
    (parameter) => {
      const values = query.getAll(parameter);
      return values.length === 1 ? values[0] : '';
    },
  );
  if (name === '' || Array.from(name).length > 128) return 'name must have 1 to 128 characters';
  // Meant is -1 to 9999; the document has the first sign the wrong way round.
  const validTime = /^-?\d{1,4}$/u.test(minutes) ? Number(minutes) : NaN;
  const isValid = validTime >= -1 && validTime <= 9999 && (validTime !== 0 || allowsZeroMinutes);
  if (!isValid) return 'validTime must be an integer from -1 to 9999';
  if (!COMBINATIONS.has(`${action} ${resourceType}`)) return 'this combination of action and resourceType is not valid';
  return {name, validTime, action, resourceType};
};

const refused = (status: number, message: string): Response =>
  json({error: status === 401 ? 'unauthorized' : 'refused', message}, status, {'cache-control': 'no-store'});
