import {createTokenBroker, type TokenBrokerOptions} from '../../token-broker.js';
import {withSecrets} from '../secrets.js';
import {createAuthorize} from '../visitors.js';
import type {MakeRoute} from './context.js';

export const tokenBroker: MakeRoute<'token-broker'> = async (route, context) => {
  const {path, keys, sources, fetch, now, onError, brokers} = context;
  const {type: _, authorize: visitors, ...rest} = route;
  const authorize = createAuthorize(visitors, [...keys, 'authorize'], context);
  // What a platform takes beside the common options is checked by the platform.
  const options = (await withSecrets(rest, keys, sources)) as TokenBrokerOptions;
  const made = createTokenBroker({...options, authorize, onError, fetch, now});
  brokers.set(path, made);
  return made;
};
