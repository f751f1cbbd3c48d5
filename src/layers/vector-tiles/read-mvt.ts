import MVT from 'ol/format/MVT.js';
import type {FeatureLike} from 'ol/Feature.js';
import {explainBytes} from '../../request/explain-bytes.js';
import {RequestError} from '../../request/request-error.js';
import {mvtProblem} from './check-mvt.js';
import type {TilePlace} from './fetched-vector-tile.js';

const unusable = (message: string, url: string, cause?: unknown): RequestError =>
  new RequestError(message, {kind: 'format', url, cause});

/** A reader of Mapbox Vector Tiles. `layers` are those of their layers to read; all of them when it is left
 * out. A feature says which it is from in its property `layerName`. */
export const mvtReader = (layers?: readonly string[], layerName = 'layer') => {
  const format = new MVT({layerName, ...(layers ? {layers: [...layers]} : {})});
  return (bytes: Uint8Array<ArrayBuffer>, {extent, projection}: TilePlace, url: string): FeatureLike[] => {
    const problem = mvtProblem(bytes);
    if (problem)
      throw explainBytes(bytes, 'a vector tile', url) ?? unusable(`The vector tile cannot be read: ${problem}`, url);
    try {
      // ol declares a buffer only; its parser takes a view of one as well.
      return format.readFeatures(bytes as unknown as ArrayBuffer, {extent, featureProjection: projection});
    } catch (cause) {
      throw unusable('The vector tile is damaged', url, cause);
    }
  };
};

export type MvtReader = ReturnType<typeof mvtReader>;
