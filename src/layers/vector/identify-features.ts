import type Feature from 'ol/Feature.js';
import type {FeatureLike} from 'ol/Feature.js';
import GeoJSON from 'ol/format/GeoJSON.js';
import type Layer from 'ol/layer/Layer.js';
import {htmlText} from '../feature-info/html-text.js';
import type {IdentifiedFeature, IdentifyPlace} from '../around.js';

/** CSS pixels beside a line or a point that still count as on it: fingers are wide. */
const hitTolerance = 5;

const isFeature = (feature: FeatureLike): feature is Feature => 'getGeometryName' in feature;

const markup = /<\/?[a-z][^<>]*>/i;

const asText = (value: unknown): unknown => {
  if (typeof value === 'string') return markup.test(value) ? htmlText(value) : value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
};

/** What the page has of a feature, without its shape and without what ol or a format keeps with it. */
const toIdentified = (feature: Feature): IdentifiedFeature => {
  const {[feature.getGeometryName()]: shape, ...properties} = feature.getProperties();
  const id = feature.getId();
  const geometry = feature.getGeometry();
  return {
    ...(id === undefined ? {} : {id: String(id)}),
    properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, asText(value)])),
    ...(shape && geometry ? {geometry: new GeoJSON().writeGeometryObject(geometry)} : {}),
  };
};

/** The features that are drawn at a place, the topmost first. */
export const identifyFeatures = (layer: Layer, {pixel}: IdentifyPlace): readonly IdentifiedFeature[] => {
  const map = layer.getMapInternal();
  if (!map) return [];
  const found = map.getFeaturesAtPixel(pixel, {layerFilter: (each) => each === layer, hitTolerance});
  return found.filter(isFeature).map(toIdentified);
};
