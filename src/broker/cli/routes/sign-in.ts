import {createSignIn} from '../../sign-in/create-sign-in.js';
import type {SignInOptions} from '../../sign-in/options.js';
import {problemAt} from '../config-error.js';
import {withSecrets} from '../secrets.js';
import type {MakeRoute} from './context.js';

const pathOf = (url: string): string | undefined =>
  URL.canParse(url) ? new URL(url).pathname.replace(/\/*$/, '/') : undefined;

export const signIn: MakeRoute<'sign-in'> = async (route, context) => {
  const {path, keys, sources, fetch, now, onError, signIns} = context;
  if ((pathOf(route.baseUrl) ?? path) !== path) {
    throw problemAt([...keys, 'baseUrl'], `must have the path of its route, ${path}`);
  }
  const {type: _, ...rest} = route;
  const options = (await withSecrets(rest, keys, sources)) as SignInOptions;
  const made = createSignIn({...options, onError, fetch, now});
  signIns.set(path, made);
  return made;
};
