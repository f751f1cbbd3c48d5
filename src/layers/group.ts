import LayerGroup from 'ol/layer/Group.js';
import * as v from 'valibot';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {layerOptions} from './layer-options.js';

const schema = layerFields('group', {
  /** Each is checked by itself, so that a wrong one does not take the others down. */
  layers: v.array(v.unknown(), 'must be an array of layers'),
});

/** Layers that are switched, faded and listed together. What is in it the map puts there, layer by layer. */
export const group: LayerKind<typeof schema> = {
  schema,
  create(config) {
    const layer = new LayerGroup(layerOptions(config));
    return {
      layer,
      retry: () => undefined,
      reset: () => undefined,
      dispose: () => layer.dispose(),
    };
  },
};
