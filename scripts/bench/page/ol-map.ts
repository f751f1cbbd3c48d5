import type OlMap from 'ol/Map.js';
import type {FrameState} from 'ol/Map.js';
import type Layer from 'ol/layer/Layer.js';
import type RenderEvent from 'ol/render/Event.js';
import type Tile from 'ol/Tile.js';
import type TileSource from 'ol/source/Tile.js';
import type {Move, Place, Shown} from './harness.js';

/** Everything here is by the map's own methods: the map of the drop-in module is of another copy of `ol`. */
const RADIUS = 6378137;

export const toMercator = ([lon, lat]: Place['lonLat']): [number, number] => [
  (lon / 180) * Math.PI * RADIUS,
  Math.log(Math.tan(((90 + lat) / 360) * Math.PI)) * RADIUS,
];

const sourceOf = (layer: Layer | undefined): TileSource | undefined => layer?.getSource() as TileSource | undefined;

const keyOf = (source: object): string => String(Reflect.get(source, 'ol_uid'));

/** Counts the tiles that come in although the last frame did not want them. */
const watchStale = (map: OlMap): (() => number) => {
  const watched = new WeakSet<TileSource>();
  let frame: FrameState | null = null;
  let stale = 0;
  map.on('postrender', (event) => {
    frame = event.frameState;
    for (const layer of map.getAllLayers()) {
      const source = sourceOf(layer);
      if (!source || watched.has(source)) continue;
      watched.add(source);
      source.on('tileloadend' as never, ({tile}: {tile: Tile}) => {
        if (!frame?.wantedTiles[keyOf(source)]?.[tile.getKey()]) stale += 1;
      });
    }
  });
  return () => stale;
};

/** Tiles appear at once: the quarter of a second in which they fade in would hide what is measured. */
const withoutFading = (map: OlMap): void => {
  map.on('precompose', () => {
    for (const layer of map.getAllLayers()) {
      const options: unknown = Reflect.get(sourceOf(layer) ?? {}, 'tileOptions');
      if (typeof options === 'object' && options !== null) Object.assign(options, {transition: 0});
    }
  });
};

const isDrawn = (map: OlMap): boolean => {
  const canvases = [...(map.getViewport()?.querySelectorAll('canvas') ?? [])].filter(
    ({width, height}) => width * height > 0,
  );
  const [{width, height} = {width: 1, height: 1}] = canvases;
  const context = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
  for (const canvas of canvases) context?.drawImage(canvas, 0, 0);
  const {data} = context?.getImageData(0, 0, width, height) ?? {data: new Uint8ClampedArray(4)};
  return new Uint32Array(data.buffer).every((pixel) => pixel >>> 24 === 0xff);
};

/** Whether this frame is of the view as it is now: what is told of one before says nothing. */
const isCurrent = (map: OlMap, {frameState}: RenderEvent): boolean => {
  const {center, resolution} = frameState?.viewState ?? {};
  const [x, y] = map.getView().getCenter() ?? [];
  return center?.[0] === x && center?.[1] === y && resolution === map.getView().getResolution();
};

/** A map of OpenLayers, with as many layers as it is going to have, or none yet. */
export const shownOl = (map: OlMap, close: () => void): Shown => {
  withoutFading(map);
  const stale = watchStale(map);
  return {
    stale,
    close,
    isDrawn: () => isDrawn(map),
    complete: () =>
      new Promise((resolve) => {
        const onComplete = (event: RenderEvent): void => {
          if (map.getAllLayers().length === 0 || !isCurrent(map, event)) return;
          map.un('rendercomplete', onComplete);
          resolve(performance.now());
        };
        map.on('rendercomplete', onComplete);
        map.render();
      }),
    jump({lonLat, zoom}) {
      const view = map.getView();
      view.setCenter(toMercator(lonLat));
      view.setZoom(zoom);
    },
    animate({east, south, levels}: Move, duration) {
      const view = map.getView();
      const [x = 0, y = 0] = view.getCenter() ?? [];
      const [width = 0, height = 0] = map.getSize() ?? [];
      const resolution = view.getResolution() ?? 1;
      const center = [x + east * width * resolution, y - south * height * resolution];
      const zoom = (view.getZoom() ?? 0) + levels;
      return new Promise((resolve) => view.animate({center, zoom, duration}, () => resolve()));
    },
  };
};
