import {serve} from '@hono/node-server';
import {createMapProxy, createPlanviewerProvider, createSignIn} from '../../../src/broker/index.js';

// One of several brokers that serve the same site, as a process of its own. Its settings come in `INSTANCE`; it writes its
// port when it listens.

export interface InstanceSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly secret: string;
  /** The site, as the browser sees it. */
  readonly site: string;
  readonly upstream: string;
  readonly planviewerSecret: string;
  readonly planviewerCallback: string;
}

const settings = JSON.parse(process.env['INSTANCE'] ?? '{}') as InstanceSettings;
const {issuer, clientId, clientSecret, secret, site, upstream} = settings;

const signIn = createSignIn({issuer, clientId, clientSecret, cookieSecret: secret, baseUrl: `${site}/bff`});
const tiles = createMapProxy({
  mount: '/tiles',
  upstream,
  paths: ['/'],
  authorize: async (request) => (await signIn.user(request)) !== undefined,
  credential: signIn.credential,
});
const planviewer = createPlanviewerProvider({
  clients: [
    {clientId: 'planviewer', clientSecret: settings.planviewerSecret, redirectUris: [settings.planviewerCallback]},
  ],
  authenticate: signIn.user,
  key: secret,
});

const server = serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch(request) {
    const {pathname} = new URL(request.url);
    if (pathname.startsWith('/tiles/')) return tiles(request);
    return pathname.startsWith('/planviewer/') ? planviewer(request) : signIn(request);
  },
});
server.on('listening', () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : address);
});
