import {inView} from 'ol/layer/Layer.js';
import VectorLayer from 'ol/layer/Vector.js';
import type {CommonFields} from '../common-fields.js';
import {followMap} from '../follow-map.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import {layerOptions} from '../layer-options.js';
import {createLoads} from '../loads.js';
import type {AnyStyle} from './flat-style.js';
import {layerStyle} from './layer-style.js';
import {FeatureParts, type LoadByExtentOptions} from './load-by-extent.js';

export interface VectorConfig extends CommonFields {
  readonly style?: AnyStyle | undefined;
}

export interface VectorLayerOptions extends LoadByExtentOptions {
  /** True when it was made from what its service told this visitor. */
  readonly isPersonal?: boolean;
  readonly attribution?: string | undefined;
}

/** A layer of features. Rejects when its style is wrong, or an image of the style cannot be had. */
export const createVectorLayer = async (
  config: VectorConfig,
  context: LayerContext,
  {isPersonal = false, attribution, ...options}: VectorLayerOptions,
): Promise<LayerHandle> => {
  const style = await layerStyle(config.style, context);
  const parts = new FeatureParts(context, createLoads(context), options);
  const {source} = parts;
  const layer = new VectorLayer({...layerOptions(config), source, style: style.look});
  const leave = followMap(layer, (frame) => {
    const state = frame?.layerStatesArray.find((each) => each.layer === layer);
    if (!frame?.extent || !state || !inView(state, frame.viewState)) parts.keepOnly(undefined);
    else parts.keepOnly(frame.extent, frame.viewState.projection);
  });
  return {
    layer,
    attribution,
    isPersonal: isPersonal || style.isPersonal,
    retry: () => parts.retry(),
    reset() {
      // While the view moves the renderer would go on drawing what it prepared before.
      layer.clearRenderer();
      parts.drop();
    },
    dispose() {
      leave();
      layer.dispose();
      parts.dispose();
      style.dispose();
    },
    identify: async (place) => (await import('./identify-features.js')).identifyFeatures(layer, place),
    legend: async () => (await import('./draw-signs.js')).drawSigns(layer),
  };
};
