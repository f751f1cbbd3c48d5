import ImageLayer from 'ol/layer/Image.js';
import {inView} from 'ol/layer/Layer.js';
import CanvasImageLayerRenderer from 'ol/renderer/canvas/ImageLayer.js';
import type {CommonFields} from '../common-fields.js';
import {followMap} from '../follow-map.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import {layerOptions} from '../layer-options.js';
import {createLoads} from '../loads.js';
import {FetchedImageSource, type FetchedImageSourceOptions} from './fetched-image-source.js';
import {loadTileImage} from './load-tile-image.js';

export type ImageLayerOptions = Pick<FetchedImageSourceOptions, 'imageUrl' | 'projection' | 'fixedExtent'>;

/** A layer of one image that follows the view. */
export const createImageLayer = (
  config: CommonFields,
  context: LayerContext,
  options: ImageLayerOptions,
): LayerHandle => {
  const loads = createLoads(context);
  const source = new FetchedImageSource({...options, fetch: loadTileImage(context, loads), failed: loads.report});
  const layer = new ImageLayer({...layerOptions(config), source});
  const leave = followMap(layer, (frame) => {
    const state = frame?.layerStatesArray.find((each) => each.layer === layer);
    if (!frame || !state || !inView(state, frame.viewState)) source.abort();
    const renderer = layer.hasRenderer() ? layer.getRenderer() : null;
    source.freeFormer(renderer instanceof CanvasImageLayerRenderer ? renderer.getImage() : null);
  });
  return {
    layer,
    retry() {
      source.retry();
      layer.changed();
    },
    reset() {
      // The renderer holds on to the last image; one that is disposed draws nothing.
      source.drop();
      layer.changed();
    },
    dispose() {
      leave();
      layer.dispose();
      source.dispose();
    },
  };
};
