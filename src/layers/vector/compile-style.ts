import {flatStyleLikeToStyleFunction} from 'ol/render/canvas/style.js';
import type {FlatStyleLike} from 'ol/style/flat.js';
import {SecureMapError} from '../../credentials/errors.js';
import type {AnyStyle} from './flat-style.js';
import {loadIcons} from './icons.js';
import type {LayerStyle, StyleContext} from './layer-style.js';
import {checkImageUrls} from './style-images.js';

const wrong = (what: string, cause: unknown): SecureMapError => {
  const why = cause instanceof Error ? cause.message : 'it cannot be read';
  return new SecureMapError('invalid-layer', `The style of the layer is not a ${what} style: ${why}`, {cause});
};

/** Flat styles by ol's own compiler, with the images that they name; MapLibre styles by what only those need. */
export const compileStyle = async (style: AnyStyle, context: StyleContext): Promise<LayerStyle> => {
  if (!Array.isArray(style) && style['version'] === 8 && Array.isArray(style['layers'])) {
    const {maplibreLook} = await import('./maplibre-look.js');
    try {
      return {look: maplibreLook(style), isPersonal: false, dispose: () => undefined};
    } catch (cause) {
      throw wrong('MapLibre', cause);
    }
  }
  checkImageUrls(style);
  const icons = await loadIcons(style, context);
  try {
    return {
      look: flatStyleLikeToStyleFunction(icons.style as FlatStyleLike),
      isPersonal: icons.areLoaded,
      dispose: icons.dispose,
    };
  } catch (cause) {
    icons.dispose();
    throw cause instanceof SecureMapError ? cause : wrong('flat', cause);
  }
};
