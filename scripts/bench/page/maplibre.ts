import {install, type Place} from './harness.js';

// MapLibre GL, where it is installed.

interface MapLibreMap {
  once(event: 'idle', task: () => void): void;
  jumpTo(camera: object): void;
  easeTo(camera: object): void;
  getCenter(): {readonly lng: number; readonly lat: number};
  getZoom(): number;
  project(place: object): {readonly x: number; readonly y: number};
  unproject(point: readonly [number, number]): object;
  remove(): void;
}

interface MapLibre {
  readonly Map: new (options: object) => MapLibreMap;
}

const address: string = '/vendor/maplibre-gl/dist/maplibre-gl.mjs';
const maplibregl: MapLibre = await import(/* @vite-ignore */ address);

/** Its tiles are of 512 pixels, so that its levels are one less. */
const camera = ({lonLat, zoom}: Place): object => ({center: lonLat, zoom: zoom - 1});

install(({tiles, place, token}, target) => {
  const map = new maplibregl.Map({
    container: target,
    ...camera(place),
    fadeDuration: 0,
    style: {
      version: 8,
      sources: {tiles: {type: 'raster', tiles: [tiles], tileSize: 256}},
      layers: [{id: 'tiles', type: 'raster', source: 'tiles', paint: {'raster-fade-duration': 0}}],
    },
    transformRequest: (url: string) => ({url, headers: {Authorization: `Bearer ${token}`}}),
  });
  return {
    complete: () => new Promise((resolve) => map.once('idle', () => resolve(performance.now()))),
    jump: (next) => map.jumpTo(camera(next)),
    animate: ({east, south, levels}, duration) =>
      new Promise((resolve) => {
        const {x, y} = map.project(map.getCenter());
        const center = map.unproject([x + east * target.clientWidth, y + south * target.clientHeight]);
        map.easeTo({center, zoom: map.getZoom() + levels, duration});
        setTimeout(resolve, duration);
      }),
    stale: () => NaN,
    isDrawn: () => true,
    close: () => map.remove(),
  };
});
