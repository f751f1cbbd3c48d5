import type VectorLayer from 'ol/layer/Vector.js';
import type {StyleFunction} from 'ol/style/Style.js';
import type {FlatStyleLike} from 'ol/style/flat.js';

/**
 * A flat style that the page gives to a layer (`setStyle`), whose compiler most maps never need. In the bundle ol's
 * layers call this instead of the compiler itself; until that is there the features keep the look that they had.
 */
export const flatStyleLater = (
  style: FlatStyleLike,
  layer: Pick<VectorLayer, 'changed' | 'getStyleFunction'>,
): StyleFunction => {
  const former = layer.getStyleFunction();
  let compiled: StyleFunction | undefined;
  import('ol/render/canvas/style.js')
    .then(({flatStyleLikeToStyleFunction}) => {
      compiled = flatStyleLikeToStyleFunction(style);
      layer.changed();
    })
    // What ol would have thrown at the page: it is about the page's own call, and nobody waits for it.
    .catch(reportError);
  return (feature, resolution) => (compiled ?? former)?.(feature, resolution);
};
