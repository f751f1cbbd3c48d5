import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import {fetchLayer, imgLayer, xhrLayer} from './bare-layers.js';
import {install} from './harness.js';
import {shownOl, toMercator} from './ol-map.js';

// OpenLayers without a tag around it, with tiles in one of three ways.

const layers = {img: imgLayer, xhr: xhrLayer, fetch: fetchLayer};

install((task, target) => {
  const make = layers[task.how as keyof typeof layers];
  const view = new View({center: toMercator(task.place.lonLat), zoom: task.place.zoom});
  const map = new OlMap({target, view, layers: [make(task)]});
  return shownOl(map, () => {
    map.setTarget();
    map.dispose();
  });
});
