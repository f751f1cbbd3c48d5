import {stylefunction} from 'ol-mapbox-style';
import Feature from 'ol/Feature.js';
import Polygon from 'ol/geom/Polygon.js';
import VectorLayer from 'ol/layer/Vector.js';
import type RenderEvent from 'ol/render/Event.js';
import VectorSource from 'ol/source/Vector.js';
import type {StyleLayer} from './style-document.js';

const renamed = (paint: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(Object(paint) as object)
      .filter(([name]) => name !== 'background-pattern')
      .map(([name, value]) => [name.replace('background-', 'fill-'), value]),
  );

/** The colour below a style, drawn on the map itself, so that it is on an exported image as well. */
export const backgroundLayer = (background: StyleLayer): VectorLayer => {
  const layer = new VectorLayer({source: new VectorSource()});
  const {paint, layout, minzoom, maxzoom} = background;
  const zooms = {...(minzoom === undefined ? {} : {minzoom}), ...(maxzoom === undefined ? {} : {maxzoom})};
  const fill = {id: 'background', type: 'fill', source: 'all', layout, paint: renamed(paint), ...zooms};
  const sources = {all: {type: 'geojson'}};
  // Only an area has a look that the library computes.
  const look = stylefunction(new VectorLayer(), {version: 8, sources, layers: [fill]}, 'all');
  const area = new Feature(
    new Polygon([
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    ]),
  );
  layer.on('prerender', ({context, frameState}: RenderEvent) => {
    const [style] = [look(area, frameState?.viewState.resolution ?? 1) ?? []].flat();
    const colour = style?.getFill()?.getColor();
    if (!(context instanceof CanvasRenderingContext2D) || typeof colour !== 'string') return;
    context.save();
    context.resetTransform();
    context.globalAlpha = frameState?.layerStatesArray[frameState.layerIndex]?.opacity ?? 1;
    context.fillStyle = colour;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.restore();
  });
  return layer;
};
