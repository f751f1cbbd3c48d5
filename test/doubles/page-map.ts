import OlMap from 'ol/Map.js';
import View, {type ViewOptions} from 'ol/View.js';
import type BaseLayer from 'ol/layer/Base.js';

export interface PageMap {
  readonly map: OlMap;
  /** Resolves when nothing is left to load or to fade in. */
  rendered(): Promise<void>;
  /** Resolves after the next frame, and after the queue has begun the loads that it leads to. */
  framed(): Promise<void>;
  /** Red, green, blue, alpha of what is on the screen. */
  pixel(x: number, y: number): number[];
  remove(): void;
}

/** A real map in the page, of the given size in CSS pixels, one device pixel each. */
export const pageMap = (
  layers: BaseLayer[],
  view: ViewOptions = {},
  [width, height]: readonly [number, number] = [512, 512],
): PageMap => {
  const target = document.createElement('div');
  target.style.cssText = `width: ${width}px; height: ${height}px; position: relative`;
  document.body.append(target);
  const map = new OlMap({
    target,
    layers,
    controls: [],
    interactions: [],
    pixelRatio: 1,
    view: new View({center: [0, 0], zoom: 1, multiWorld: true, ...view}),
  });
  return {
    map,
    rendered: () =>
      new Promise((resolve) => {
        map.once('rendercomplete', () => resolve());
        map.render();
      }),
    framed: async () => {
      const frame = new Promise((resolve) => map.once('postrender', resolve));
      map.render();
      await frame;
      // ol starts loads in a timer of 0 ms that the frame sets; this one is set after it.
      await new Promise((resolve) => setTimeout(resolve));
    },
    pixel: (x, y) => {
      const all = document.createElement('canvas');
      all.width = width;
      all.height = height;
      const context = all.getContext('2d');
      for (const canvas of target.querySelectorAll<HTMLCanvasElement>('.ol-layer canvas')) {
        if (canvas.width > 0) context?.drawImage(canvas, 0, 0);
      }
      return [...(context?.getImageData(x, y, 1, 1).data ?? [])];
    },
    remove: () => {
      map.setTarget();
      map.dispose();
      target.remove();
    },
  };
};
