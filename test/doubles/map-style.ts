import {tileAnswer} from './vector-tiles.js';

/** A MapLibre style of one source. */
export const mapStyle = {
  version: 8 as const,
  sources: {a: {type: 'vector', tiles: ['https://maps.example/{z}/{x}/{y}.pbf']}},
  layers: [{id: 'fill', type: 'fill', source: 'a', 'source-layer': 'areas', paint: {'fill-color': 'red'}}],
};

export const styleAnswer = async (url: string): Promise<Response> =>
  url.endsWith('style.json') ? Response.json(mapStyle) : tileAnswer();
