import type Layer from 'ol/layer/Layer.js';
import type {Identify} from '../around.js';

/** How far from a line or a point a finger may be, in CSS pixels. */
const tolerance = 4;

/** What is drawn at a place, from the top down. No server is asked. */
export const identifyDrawn =
  (layer: Layer): Identify =>
  async ({pixel}) => {
    const features =
      layer.getMapInternal()?.getFeaturesAtPixel(pixel, {
        layerFilter: (each) => each === layer,
        hitTolerance: tolerance,
      }) ?? [];
    return features.map((feature) => {
      const {geometry: _, ...properties} = feature.getProperties();
      const id = feature.getId();
      return {id: id === undefined ? undefined : String(id), properties};
    });
  };
