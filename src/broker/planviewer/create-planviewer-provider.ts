import type {Handler} from '../handler.js';
import {json} from './answers.js';
import {createAuthorize} from './authorize.js';
import {settingsOf, type PlanviewerProviderOptions} from './options.js';
import {createResource} from './resource.js';
import {createPlanviewerSeal} from './server.js';
import {createToken} from './token.js';

interface Route {
  readonly methods: readonly string[];
  readonly answer: Handler;
}

/**
 * The OAuth 2.0 provider that Planviewer asks of a site whose maps are not public (RFC 6749, authorization code): Planviewer
 * is the client, and shows its maps to whom `authenticate` lets through.
 *
 * Routes, below any path: `GET /authorize`, `POST /access_token`, `GET /resource`; they are entered in Planviewer as
 * "Authorisatie URL", "Access Token URL" and "Resource URL".
 *
 * @throws BrokerError `invalid-option`, which names the option.
 */
export const createPlanviewerProvider = (options: PlanviewerProviderOptions): Handler => {
  const settings = settingsOf(options);
  const seal = createPlanviewerSeal(settings);
  const routes = new Map<string, Route>([
    ['authorize', {methods: ['GET'], answer: createAuthorize(settings, seal)}],
    ['access_token', {methods: ['POST'], answer: createToken(settings, seal)}],
    ['resource', {methods: ['GET'], answer: createResource(settings, seal)}],
  ]);

  return async (request) => {
    const {pathname} = new URL(request.url);
    const route = routes.get(pathname.slice(pathname.lastIndexOf('/') + 1));
    if (!route) return json(404, {error: 'not_found'});
    if (!route.methods.includes(request.method)) {
      return json(405, {error: 'method_not_allowed'}, {allow: route.methods.join(', ')});
    }
    try {
      return await route.answer(request);
    } catch (error) {
      settings.report(error);
      return json(500, {error: 'server_error'});
    }
  };
};
