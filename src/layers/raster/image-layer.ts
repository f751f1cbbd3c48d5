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

type Pictures = Pick<FetchedImageSourceOptions, 'imageUrl' | 'projection' | 'fixedExtent'>;

export interface ImageLayerOptions extends Pictures {
  /** Told of a failure in place of the map, which `report` tells. */
  readonly failed?: ((error: unknown, url: string, report: () => void) => void) | undefined;
}

export interface ImageLayerHandle extends LayerHandle {
  /** Drops what is loaded, and from now on has other pictures. */
  replace(pictures: Pictures): void;
}

/** A layer of one image that follows the view. */
export const createImageLayer = (
  config: CommonFields,
  context: LayerContext,
  {failed, ...options}: ImageLayerOptions,
): ImageLayerHandle => {
  const loads = createLoads(context);
  const make = (pictures: Pictures) =>
    new FetchedImageSource({
      ...pictures,
      fetch: loadTileImage(context, loads),
      failed: (error, url) => (failed ? failed(error, url, () => loads.report(error, url)) : loads.report(error, url)),
    });
  let source = make(options);
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
    replace(pictures) {
      const former = source;
      source = make(pictures);
      layer.setSource(source);
      layer.clearRenderer();
      former.dispose();
    },
    dispose() {
      leave();
      layer.dispose();
      source.dispose();
    },
  };
};
