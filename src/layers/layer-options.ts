import {SecureMapError} from '../credentials/errors.js';
import type {CommonFields} from './common-fields.js';

export {knownProjection, projectionOf} from './projections/projection-of.js';

export interface LayerOptions {
  readonly properties: Record<string, unknown>;
  readonly visible: boolean;
  readonly opacity: number;
  readonly minZoom?: number;
  readonly maxZoom?: number;
}

/**
 * The options that every ol layer takes. The attribution is a property of the layer and not of its source, whose
 * attributions ol's own control would write into the page as HTML.
 */
export const layerOptions = ({
  id,
  title,
  attribution,
  visible,
  opacity,
  minZoom,
  maxZoom,
}: CommonFields): LayerOptions => ({
  properties: {id, title, attribution},
  visible: visible ?? true,
  opacity: opacity ?? 1,
  ...(minZoom === undefined ? {} : {minZoom}),
  ...(maxZoom === undefined ? {} : {maxZoom}),
});

/** A URL of the configuration, made absolute. */
export const absoluteUrl = (url: string, baseUrl: string): URL => {
  const absolute = URL.parse(url, baseUrl);
  if (absolute) return absolute;
  throw new SecureMapError('invalid-layer', 'The "url" of the layer is not a valid URL');
};
