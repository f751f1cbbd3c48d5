import {browserEnvironment} from '../../src/element/browser-environment.js';
import type {LayerContext} from '../../src/layers/layer-kind.js';
import type {RequestError} from '../../src/request/request-error.js';
import type {Request} from '../../src/request/request.js';

/** A layer's context that keeps what the layer says. */
export interface RecordedContext extends LayerContext {
  readonly heard: {starts: number; ends: number; readonly errors: RequestError[]};
}

export const recordedContext = (request: Request, overrides: Partial<LayerContext> = {}): RecordedContext => {
  const heard = {starts: 0, ends: 0, errors: [] as RequestError[]};
  const {signal} = new AbortController();
  return {
    request,
    isPublic: () => false,
    mayFollow: () => true,
    share: (_key, work) => work(overrides.signal ?? signal),
    inTurn: (_url, _signal, task) => task(),
    clock: browserEnvironment,
    signal,
    baseUrl: 'https://maps.example/config/',
    projection: 'EPSG:3857',
    onLoadStart: () => (heard.starts += 1),
    onLoadEnd: () => (heard.ends += 1),
    onError: (error) => heard.errors.push(error),
    ...overrides,
    heard,
  };
};
