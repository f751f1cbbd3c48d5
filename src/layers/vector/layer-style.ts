import type {StyleFunction} from 'ol/style/Style.js';
import type {LayerContext} from '../layer-kind.js';
import type {AnyStyle} from './flat-style.js';
import {plainLook} from './plain-look.js';

export interface LayerStyle {
  readonly look: StyleFunction;
  /** True when images were loaded for it, which another visitor may not be shown. */
  readonly isPersonal: boolean;
  dispose(): void;
}

export type StyleContext = Pick<
  LayerContext,
  'request' | 'baseUrl' | 'signal' | 'onLoadStart' | 'onLoadEnd' | 'onError'
>;

/**
 * The look of the features of a layer. The compilers of styles are larger than all else about vector layers, so they
 * come only for a layer that has a style. Rejects with a `SecureMapError` when the style is wrong, and with a
 * `RequestError` when an image of it cannot be had.
 */
export const layerStyle = async (style: AnyStyle | undefined, context: StyleContext): Promise<LayerStyle> => {
  if (!style) return {look: plainLook, isPersonal: false, dispose: () => undefined};
  const {compileStyle} = await import('./compile-style.js');
  return compileStyle(style, context);
};
