import {createMapProxy, type MapProxyOptions} from '../../map-proxy.js';
import {problemAt} from '../config-error.js';
import {withSecrets} from '../secrets.js';
import {createAuthorize, signInAt} from '../visitors.js';
import type {MakeRoute, RouteContext, RouteOf} from './context.js';

type Source = Pick<MapProxyOptions, 'broker' | 'credential'>;

const brokerAt = (path: string, {keys, brokers}: RouteContext): Source => {
  const broker = brokers.get(path);
  if (broker) return {broker};
  throw problemAt([...keys, 'broker'], 'must be the path of a route of the type "token-broker"');
};

const sourceOf = async ({broker, credential}: RouteOf<'map-proxy'>, context: RouteContext): Promise<Source> => {
  const at = [...context.keys, 'credential'];
  if (broker !== undefined) {
    if (credential) throw problemAt(at, 'is not for use with "broker"');
    return brokerAt(broker, context);
  }
  const {signIn, token, type} = credential ?? {};
  if ((signIn === undefined) === (token === undefined)) {
    throw problemAt(at, 'must have either "signIn" or "token"; or "broker" is given in its place');
  }
  if (signIn !== undefined) {
    const from = signInAt(signIn, [...at, 'signIn'], context.signIns);
    return {credential: (request, wish) => from.credential(request, wish)};
  }
  const given = {token: String(await withSecrets(token, [...at, 'token'], context.sources)), type};
  // One that is refused is refused again: there is no other.
  return {credential: (_, wish) => Promise.resolve(wish?.reason === 'unauthorized' ? undefined : given)};
};

export const mapProxy: MakeRoute<'map-proxy'> = async (route, context) => {
  const {path, keys, fetch, now, onError} = context;
  const {type: _, authorize: visitors, broker: __, credential: ___, ...options} = route;
  const authorize = createAuthorize(visitors, [...keys, 'authorize'], context);
  return createMapProxy({
    ...options,
    ...(await sourceOf(route, context)),
    mount: path,
    authorize,
    onError,
    fetch,
    now,
  });
};
