import {RequestError} from '../../request/request-error.js';
import type {LayerContext} from '../layer-kind.js';

/**
 * An address in a style, made absolute. Styles are made from the tiles of many hosts: those that are outside of where
 * the credentials may go are asked without, and told of.
 */
export const resolved = (named: string, baseUrl: string, {mayFollow}: Pick<LayerContext, 'mayFollow'>): string => {
  const url = URL.parse(named, baseUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    const message = `The style names an address that is no http(s) URL: ${named.split(/[/?#]/)[0]?.slice(0, 40)}…`;
    throw new RequestError(message, {kind: 'format', url: baseUrl, reason: 'not-a-url'});
  }
  mayFollow(url.href);
  return url.href;
};
