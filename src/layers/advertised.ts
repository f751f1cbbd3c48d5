import {RequestError} from '../request/request-error.js';
import type {LayerContext} from './layer-kind.js';

const localHost = /^(localhost|.*\.(?:localhost|local|internal)|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|\[::1\])$/;

const wrong = (url: string, message: string, reason: string): RequestError =>
  new RequestError(message, {kind: reason === 'not-a-url' ? 'format' : 'origin', url, reason});

/**
 * An address that the service at `documentUrl` names for a part of itself, made absolute. Rejects what is no http(s)
 * address, and what is outside of where the layer's credential may go: it is told, and nothing is sent there.
 */
export const advertisedUrl = (
  named: string,
  documentUrl: string,
  {mayFollow}: Pick<LayerContext, 'mayFollow'>,
): string => {
  const url = URL.parse(named.trim(), documentUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw wrong(documentUrl, 'The service names an address for its layers that is no http(s) URL.', 'not-a-url');
  const {origin, hostname} = url;
  if (mayFollow(url.href)) return url.href;
  const isInside = localHost.test(hostname) && !localHost.test(new URL(documentUrl).hostname);
  throw wrong(
    url.href,
    isInside
      ? `The service names ${origin} as its address, which only its own network can reach: behind a proxy it has to be told its public address.`
      : `The service names an address at ${origin}, which is not among the allowed origins: nothing was sent there.`,
    isInside ? 'inside-address' : 'foreign-address',
  );
};
