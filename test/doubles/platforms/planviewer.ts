import {randomUUID} from 'node:crypto';
import {bytes, cookieOf, createFront, notAllowed, text} from './front.js';
import type {PlatformDouble} from './front.js';
import {createPlanviewerClient} from './planviewer-client.js';
import type {PlanviewerOAuth, PlanviewerToken} from './planviewer-client.js';
import {createPlanviewerServerApi} from './planviewer-server-api.js';
import type {PlanviewerKey, PlanviewerViewer} from './planviewer-server-api.js';
import {createWorldContent, windowOfTile} from './world-content.js';
import type {WorldContent} from './world-content.js';

export interface PlanviewerOptions {
  readonly now?: () => number;
  /** `null`: no OAuth configuration, so that every viewer is public. */
  readonly oauth: PlanviewerOAuth | null;
  /** How the provider is reached. */
  readonly fetch: typeof fetch;
  readonly tokenRequest?: 'form' | 'json';
  readonly viewers?: readonly PlanviewerViewer[];
  readonly keys?: readonly PlanviewerKey[];
  /**
   * What the session cookie says beside its name and path. Assumed nothing, as PHP does; then browsers do not send it in a
   * frame of another site. `; SameSite=None; Secure` lets them.
   */
  readonly cookieAttributes?: string;
  readonly content?: WorldContent;
}

export interface PlanviewerSession {
  /** What the callback has to bring back, and what is shown then. */
  pending?: {readonly state: string; readonly redirectUri: string; readonly page: string} | undefined;
  /** Never leaves Planviewer. */
  token?: PlanviewerToken | undefined;
  usedAt: number;
}

export interface PlanviewerDouble extends PlatformDouble {
  /** Form or JSON: the document says both. */
  tokenRequest: 'form' | 'json';
  /** One page of the documents redirects who has not been authenticated, another answers 403. */
  unauthenticated: 'redirect' | 'forbid';
  /** By the value of `PHPSESSID`. */
  readonly sessions: ReadonlyMap<string, PlanviewerSession>;
  /** All sessions are forgotten, as after a restart. */
  endSessions(): void;
}

export const PLANVIEWER_VIEWERS: readonly PlanviewerViewer[] = [
  {name: 'Wereld', identifier: '138230fe'.repeat(8)},
  {name: 'Landen', identifier: 'a91c04d7'.repeat(8)},
];

export const PLANVIEWER_KEYS: readonly PlanviewerKey[] = [
  {key: 'planviewer-key', secret: 'planviewer-server-secret'},
  {key: 'planviewer-old-key', secret: 'planviewer-old-secret', active: false},
];

const CALLBACK = '/maps_api/v2/oauth/1/callback';
const WMS = '/wms';

/** Assumed: PHP's own, `session.gc_maxlifetime`; how long a session lasts is not said. */
const IDLE_MILLISECONDS = 1440 * 1000;

/** Planviewer's Maps API: an OAuth client that shows its viewers to whom the site's provider knows. */
export const createPlanviewerDouble = ({
  now = Date.now,
  oauth,
  fetch: send,
  tokenRequest = 'form',
  viewers = PLANVIEWER_VIEWERS,
  keys = PLANVIEWER_KEYS,
  cookieAttributes = '',
  content = createWorldContent(),
}: PlanviewerOptions): PlanviewerDouble => {
  const sessions = new Map<string, PlanviewerSession>();
  const api = createPlanviewerServerApi(viewers, keys);
  const client = oauth && createPlanviewerClient({...oauth, fetch: send, now, tokenRequest: () => double.tokenRequest});

  const sessionOf = (request: Request): PlanviewerSession | undefined => {
    const session = sessions.get(cookieOf(request, 'PHPSESSID') ?? '');
    if (!session || now() - session.usedAt >= IDLE_MILLISECONDS) return undefined;
    session.usedAt = now();
    return session;
  };

  const embed = (request: Request, url: URL, identifier: string, isPicture: boolean): Response | Promise<Response> => {
    const viewer = viewers.find((each) => each.identifier === identifier);
    if (!viewer) return text('Not Found', 404);
    if (request.method !== 'GET') return notAllowed('GET');
    const session = sessionOf(request);
    const mayEnter = !client || session?.token !== undefined;
    if (isPicture) return mayEnter ? picture(viewer) : text('Forbidden', 403);
    if (mayEnter) return viewerPage(viewer, url.searchParams.get('active_layers') === 'true');
    if (double.unauthenticated === 'forbid') return forbiddenPage();

    const pending = {
      state: randomUUID().replaceAll('-', ''),
      redirectUri: `${url.origin}${CALLBACK}`,
      page: `${url.pathname}${url.search}`,
    };
    const headers = new Headers({
      location: client.authorizeUrl(pending.state, pending.redirectUri),
      'cache-control': 'no-store',
    });
    if (session) session.pending = pending;
    else headers.set('set-cookie', `PHPSESSID=${begin({pending, usedAt: now()})}; path=/; HttpOnly${cookieAttributes}`);
    return new Response(null, {status: 302, headers});
  };

  const begin = (session: PlanviewerSession): string => {
    const id = randomUUID().replaceAll('-', '');
    sessions.set(id, session);
    return id;
  };

  /** Serves the page itself, with 200, under its own address. */
  const callback = async (request: Request, url: URL): Promise<Response> => {
    const session = sessionOf(request);
    const {pending} = session ?? {};
    const code = url.searchParams.get('code');
    // Assumed: the state is compared, as RFC 6749, section 10.12, wants.
    const isAnswer = pending !== undefined && url.searchParams.get('state') === pending.state;
    if (!client || !session || !isAnswer) return forbiddenPage();
    session.pending = undefined;
    if (code === null) return forbiddenPage();
    session.token = await client.redeem(code, pending.redirectUri).catch(() => undefined);
    if (!session.token) return forbiddenPage();
    const page = new URL(pending.page, url);
    const identifier = page.pathname.split('/').at(-1);
    const viewer = viewers.find((each) => each.identifier === identifier);
    return viewer ? viewerPage(viewer, page.searchParams.get('active_layers') === 'true') : text('Not Found', 404);
  };

  const picture = async ({name}: PlanviewerViewer): Promise<Response> =>
    bytes(await content.image(name === 'Landen' ? 'countries' : 'world', windowOfTile(3, 4, 2, 1024)), 'image/png');

  const answer = (request: Request, url: URL): Response | Promise<Response> => {
    const path = url.pathname;
    if (path.startsWith('/maps_api/v2/server')) return api(request, url);
    // Assumed: the map service that a viewer takes a layer from, which is anybody's and public.
    if (path === WMS) return content.wms(url);
    if (path === CALLBACK) return request.method === 'GET' ? callback(request, url) : notAllowed('GET');
    const [, identifier, isPicture] = /^\/maps_api\/v2\/embed\/viewer\/([^/]+)(\/map\.png)?$/u.exec(path) ?? [];
    return identifier === undefined ? text('Not Found', 404) : embed(request, url, identifier, isPicture !== undefined);
  };

  // Assumed: Planviewer has no CORS, since there is nothing that a page of another origin may call.
  const front = createFront({
    cors: 'on',
    rules: {methods: ['GET'], applies: (_, {pathname}) => pathname === WMS},
    answer,
  });
  const double: PlanviewerDouble = Object.assign(front, {
    tokenRequest,
    unauthenticated: 'redirect' as const,
    sessions,
    endSessions: () => sessions.clear(),
  });
  return double;
};

/** Assumed: what the page looks like. Its picture is behind the same session. */
const viewerPage = ({name, identifier}: PlanviewerViewer, hasActiveLayers: boolean): Response =>
  page(
    200,
    `<title>${name}</title>
<style>html,body,img{margin:0;block-size:100%;inline-size:100%;object-fit:cover}</style>
<body data-viewer="${identifier}" data-active-layers="${hasActiveLayers}">
<img src="/maps_api/v2/embed/viewer/${identifier}/map.png" alt="${name}" />
</body>`,
  );

/** Assumed: the words. */
const forbiddenPage = (): Response =>
  page(403, '<title>403</title>\n<p>OAuth is set, but the browser has not (yet) been correctly authenticated.</p>');

const page = (status: number, content: string): Response =>
  new Response(`<!doctype html>\n<html lang="nl">\n<meta charset="utf-8" />\n${content}\n</html>\n`, {
    status,
    headers: {'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store'},
  });
