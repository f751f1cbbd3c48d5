import {createPlanviewerProvider} from '../../planviewer/create-planviewer-provider.js';
import type {PlanviewerProviderOptions} from '../../planviewer/options.js';
import {withSecrets} from '../secrets.js';
import {createAuthorize} from '../visitors.js';
import type {MakeRoute} from './context.js';

/** To the sign-in, and from there back to where Planviewer has sent the visitor. */
const askToSignIn = (signIn: string, {url}: Request): Response => {
  const {pathname, search} = new URL(url);
  // Relative: behind a proxy that is not trusted, the address that was asked for here is not the visitor's.
  const login = `${signIn}login?${new URLSearchParams({returnTo: pathname + search}).toString()}`;
  return new Response(null, {status: 303, headers: {location: login, 'cache-control': 'no-store'}});
};

export const planviewerProvider: MakeRoute<'planviewer-provider'> = async (route, context) => {
  const {type: _, authenticate: visitors, ...rest} = route;
  const {keys, sources, now, onError} = context;
  const authorize = createAuthorize(visitors, [...keys, 'authenticate'], context);
  const {signIn} = visitors;
  const options = (await withSecrets(rest, keys, sources)) as Omit<PlanviewerProviderOptions, 'authenticate'>;
  return createPlanviewerProvider({
    ...options,
    authenticate: async (request) => {
      if (await authorize(request)) return {};
      return signIn === undefined ? undefined : askToSignIn(signIn, request);
    },
    onError,
    now,
  });
};
