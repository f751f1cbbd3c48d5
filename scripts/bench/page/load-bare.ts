import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import {imgLayer} from './bare-layers.js';
import {firstComplete} from './first-complete.js';
import {toMercator} from './ol-map.js';

// The same map as in the page with the tag, with what of OpenLayers it takes.

const target = document.querySelector<HTMLElement>('#map');
if (!target) throw new Error('There is no place for a map.');
const {tiles = '', lon, lat, zoom} = target.dataset;
const view = new View({center: toMercator([Number(lon), Number(lat)]), zoom: Number(zoom)});
firstComplete(new OlMap({target, view, layers: [imgLayer({tiles})]}));
