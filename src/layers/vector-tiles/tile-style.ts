import type {StyleFunction} from 'ol/style/Style.js';
import type {InferOutput} from 'valibot';
import {SecureMapError} from '../../credentials/errors.js';
import type {flatStyle} from '../vector/flat-style.js';
import {toFlatStyle} from '../vector/style-images.js';

/** How the features of tiles look, by a flat style of the configuration. Loads what makes styles of those. */
export const compileStyle = async (
  style: InferOutput<typeof flatStyle> | undefined,
): Promise<StyleFunction | undefined> => {
  if (!style) return undefined;
  const flat = toFlatStyle(style);
  const {flatStyleLikeToStyleFunction} = await import('ol/render/canvas/style.js');
  try {
    return flatStyleLikeToStyleFunction(flat);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new SecureMapError('invalid-layer', `The style of the layer is not a flat style: ${why}`, {cause});
  }
};
