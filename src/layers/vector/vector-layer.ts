import type Feature from 'ol/Feature.js';
import type {Extent} from 'ol/extent.js';
import {inView} from 'ol/layer/Layer.js';
import VectorLayer from 'ol/layer/Vector.js';
import type Projection from 'ol/proj/Projection.js';
import VectorSource from 'ol/source/Vector.js';
import type {FlatStyleLike} from 'ol/style/flat.js';
import {SecureMapError} from '../../credentials/errors.js';
import {readJson} from '../../request/read-json.js';
import type {CommonFields} from '../common-fields.js';
import {followMap} from '../follow-map.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import {layerOptions} from '../layer-options.js';
import {createLoads} from '../loads.js';

export interface VectorLayerOptions {
  readonly style?: FlatStyleLike | undefined;
  /** Where the features come from, for reports. */
  readonly url: string;
  /** `getJson` asks with the credential, counts as loading, and is aborted when the layer is not shown. */
  readonly load: (projection: Projection, getJson: (url: string) => Promise<unknown>) => Promise<Feature[]>;
}

const checkStyle = (make: () => VectorLayer): VectorLayer => {
  try {
    return make();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new SecureMapError('invalid-layer', `The style of the layer is not a flat style: ${why}`, {cause});
  }
};

/** A layer of features that are loaded at once. */
export const createVectorLayer = (
  config: CommonFields,
  context: LayerContext,
  {style, url, load}: VectorLayerOptions,
): LayerHandle => {
  const loads = createLoads(context);
  let underWay: {readonly extent: Extent; readonly controller: AbortController} | undefined;
  let failed: Extent | undefined;

  const loader = async (extent: Extent, _resolution: number, projection: Projection): Promise<Feature[]> => {
    const controller = new AbortController();
    const mine = {extent, controller};
    underWay = mine;
    const {signal} = controller;
    const getJson = (from: string): Promise<unknown> =>
      loads.during(signal, async () => readJson(await context.request(from, {signal}), from));
    try {
      const features = await load(projection, getJson);
      return signal.aborted ? [] : features;
    } catch (error) {
      // ol would tell of an error; an abort is none.
      if (signal.aborted) return [];
      // Not given up yet: ol would ask again in the next frame, and the next.
      failed = extent;
      loads.report(error, url);
      throw error;
    } finally {
      if (underWay === mine) underWay = undefined;
    }
  };

  const source = new VectorSource({loader});
  const layer = checkStyle(() => new VectorLayer({...layerOptions(config), source, ...(style ? {style} : {})}));

  const abort = (): void => {
    underWay?.controller.abort();
    // ol takes an extent for loaded as soon as it is asked for.
    if (underWay) source.removeLoadedExtent(underWay.extent);
    underWay = undefined;
  };
  const leave = followMap(layer, (frame) => {
    const state = frame?.layerStatesArray.find((each) => each.layer === layer);
    if (!frame || !state || !inView(state, frame.viewState)) abort();
  });

  return {
    layer,
    retry() {
      if (!failed) return;
      source.removeLoadedExtent(failed);
      failed = undefined;
      source.changed();
    },
    reset() {
      abort();
      failed = undefined;
      // While the view moves the renderer would go on drawing what it prepared before.
      layer.clearRenderer();
      source.refresh();
    },
    dispose() {
      leave();
      abort();
      layer.dispose();
      source.dispose();
    },
  };
};
