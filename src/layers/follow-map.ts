import type OlMap from 'ol/Map.js';
import type {FrameState} from 'ol/Map.js';
import type MapEvent from 'ol/MapEvent.js';
import type Layer from 'ol/layer/Layer.js';

/**
 * Calls `onFrame` after every frame of the map that the layer is on, and with `null` when the layer leaves its map.
 * The answer ends it.
 */
export const followMap = (layer: Layer, onFrame: (frame: FrameState | null) => void): (() => void) => {
  let map: OlMap | null = null;
  const rendered = ({frameState}: MapEvent): void => onFrame(frameState);
  const follow = (next: OlMap | null): void => {
    if (next === map) return;
    map?.un('postrender', rendered);
    map = next;
    map?.on('postrender', rendered);
    if (!map) onFrame(null);
  };
  const moved = (): void => follow(layer.getMapInternal() ?? null);
  layer.addEventListener('change:map', moved);
  moved();
  return () => {
    layer.removeEventListener('change:map', moved);
    map?.un('postrender', rendered);
    map = null;
  };
};
