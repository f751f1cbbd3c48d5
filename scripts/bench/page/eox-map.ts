import type OlMap from 'ol/Map.js';
import {install} from './harness.js';
import {shownOl} from './ol-map.js';

// EOX's map element, where it is installed, with plain tiles: it has no way for a credential.

interface EoxMap extends HTMLElement {
  center: readonly [number, number];
  zoom: number;
  layers: readonly object[];
  readonly map: OlMap;
  readonly updateComplete: Promise<unknown>;
}

install(async ({tiles, place}, target) => {
  await customElements.whenDefined('eox-map');
  const tag = document.createElement('eox-map') as EoxMap;
  tag.center = place.lonLat;
  tag.zoom = place.zoom;
  tag.layers = [{type: 'Tile', properties: {id: 'tiles'}, source: {type: 'XYZ', url: tiles}}];
  target.append(tag);
  await tag.updateComplete;
  return shownOl(tag.map, () => tag.remove());
});
