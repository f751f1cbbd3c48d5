import {advertisedUrl} from './advertised.js';
import type {LayerContext} from './layer-kind.js';

const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, '');

/** Throws when a document of others gives a layer an address that may not be asked. The document's own is the page's word. */
export const checkAdvertised = (named: string, context: Pick<LayerContext, 'baseUrl' | 'mayFollow'>): void => {
  const url = URL.parse(named, context.baseUrl)?.href ?? named;
  if (withoutQuery(url) !== withoutQuery(context.baseUrl)) advertisedUrl(named, context.baseUrl, context);
};
