import {SecureMapError} from '../credentials/errors.js';
import {dpopModes, type DpopMode} from './oidc/dpop-mode.js';
import type {SourceFields, SourceSettings} from './source-kind.js';

export const wrong = (attribute: string, why: string): SecureMapError =>
  new SecureMapError('invalid-attribute', `${attribute}: ${why}.`);

/** The page that the provider sends its answer to. */
export const redirectUriOf = ({redirectUri}: SourceFields, {pageUrl, callbackUrl}: SourceSettings): string => {
  const url = redirectUri === undefined ? callbackUrl : URL.parse(redirectUri, pageUrl)?.href;
  if (url) return url;
  throw wrong(
    'redirect-uri',
    redirectUri === undefined
      ? 'is needed where secure-map.js comes from another origin: copy callback.html and callback.js to '
          + 'your site and name them here'
      : 'is not a URL',
  );
};

export const dpopModeOf = ({dpop = 'auto'}: SourceFields): DpopMode => {
  const mode = dpopModes.find((known) => known === dpop);
  if (!mode) throw wrong('dpop', `wrong value. Allowed: ${dpopModes.join(', ')}`);
  return mode;
};
