import type {PlatformOrigins} from './platforms.js';

export type Origins = PlatformOrigins & {readonly issuer: string; readonly map: string};

/** The platforms that a page talks to itself. */
const PLATFORMS: Readonly<Record<string, readonly (keyof PlatformOrigins)[]>> = {
  '/demo/onemap.html': ['onemap'],
  '/demo/supermap-imanager.html': ['imanager'],
  '/demo/supermap-iserver.html': ['iserver'],
  '/demo/spatial-studio.html': ['studio'],
  '/demo/two-platforms.html': ['imanager', 'studio'],
};

/** What a careful site sends: the tag has to live with it. */
export function securityHeaders(path: string, origins: Origins): Record<string, string> {
  const {issuer, map} = origins;
  // Tiles that need no credential are plain <img> elements.
  const images = path === '/demo/public.html' ? `'self' ${map}` : `'self'`;
  const servers = [issuer, map, ...(PLATFORMS[path] ?? []).map((name) => origins[name])];
  // Planviewer's frame goes by the site's own `/planviewer/authorize`.
  const frames = path === '/demo/planviewer.html' ? `'self' ${origins.planviewer}` : map;
  const policy = [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src ${images}`,
    `connect-src 'self' ${servers.join(' ')}`,
    `frame-src ${frames}`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types lit-html`,
  ];
  return {
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'strict-origin-when-cross-origin',
    'x-content-type-options': 'nosniff',
  };
}
