import {basicOf, json, notAllowed} from './front.js';

export interface PlanviewerViewer {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly identifier: string;
}

/** An access key for the server API; its secret is shown once. */
export interface PlanviewerKey {
  readonly key: string;
  readonly secret: string;
  readonly active?: boolean;
}

const ROOT = '/maps_api/v2/server';
const CREATED = '2024-03-01T09:00:00+00:00';

/** `/maps_api/v2/server`, for the site's back end. Every failure has a body of one shape. */
export const createPlanviewerServerApi =
  (viewers: readonly PlanviewerViewer[], keys: readonly PlanviewerKey[]) =>
  (request: Request, url: URL): Response => {
    const given = basicOf(request);
    const key = keys.find((each) => each.key === given?.username && each.secret === given.password);
    if (!key || key.active === false) return failed(401, 'Unauthorized');
    const [, identifier, isLayers] =
      /^\/maps_api\/v2\/server\/viewers(?:\/([\da-f]+)(\/layers)?)?$/u.exec(url.pathname) ?? [];
    if (!url.pathname.startsWith(`${ROOT}/viewers`)) return failed(404, 'Not Found');
    if (request.method !== 'GET') return notAllowed('GET');
    if (identifier === undefined) return listOf(viewers, url);
    const viewer = viewers.find((each) => each.identifier === identifier);
    if (!viewer || isLayers === undefined) return failed(404, 'Not Found');
    return json({error: false, layers: layersOf(viewer, url)});
  };

const listOf = (viewers: readonly PlanviewerViewer[], url: URL): Response => {
  const limit = Number(url.searchParams.get('limit') ?? 100);
  const offset = Number(url.searchParams.get('offset') ?? 0);
  // An older copy of the page has 100.
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) return failed(400, 'limit must be from 1 to 200');
  if (!Number.isInteger(offset) || offset < 0) return failed(400, 'offset must be 0 or more');
  const page = viewers.slice(offset, offset + limit);
  const next = offset + limit < viewers.length ? offset + limit : undefined;
  return json({
    viewers: page.map((viewer) => described(viewer, url)),
    total_count: viewers.length,
    current_count: page.length,
    limit,
    offset,
    error: false,
    ...(next === undefined
      ? {}
      : {next: {url: `${url.origin}${ROOT}/viewers?limit=${limit}&offset=${next}`, offset: next, limit}}),
  });
};

const described = ({name, identifier}: PlanviewerViewer, url: URL): object => ({
  self_url: `${url.origin}${ROOT}/viewers/${identifier}`,
  name,
  identifier,
  created_at: CREATED,
  updated_at: CREATED,
});

/** Assumed: `url` and `layers` of a WMS layer; which fields a type has beside the common ones was not to be seen. */
const layersOf = (viewer: PlanviewerViewer, url: URL): readonly object[] =>
  [
    {name: 'Ondergrond', type: 'osm', base: true, consultable: false},
    {
      name: 'Grenzen',
      type: 'wms',
      base: false,
      consultable: true,
      url: `${url.origin}/wms`,
      layers: 'boundaries',
    },
    {name: 'Perceel', type: 'dkk', base: false, consultable: true},
  ].map((layer, i) => ({
    self_url: `${url.origin}${ROOT}/layers/${i + 1}`,
    id: i + 1,
    viewer: described(viewer, url),
    ...layer,
    sort_order: i,
    created_at: CREATED,
    updated_at: CREATED,
  }));

const failed = (code: number, message: string): Response => json({error: {code, message}}, code);
