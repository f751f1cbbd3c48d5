import {expect} from '@open-wc/testing';
import OlMap from 'ol/Map.js';
import LayerGroup from 'ol/layer/Group.js';
import {LayersController} from '../../../src/element/layers-controller.js';
import type {LayerContext, LayerHandle} from '../../../src/layers/layer-kind.js';
import {RequestError} from '../../../src/request/request-error.js';
import {recordedContext} from '../../doubles/recorded-context.js';

const nothing = (): void => undefined;
const request = (): Promise<Response> => Promise.reject(new Error('Nothing is asked here.'));

describe('a layer that is made again for another visitor', () => {
  let contexts: LayerContext[];
  let made: PromiseWithResolvers<LayerHandle>[];
  let heard: string[];
  let layers: LayersController;

  beforeEach(async () => {
    contexts = [];
    made = [];
    heard = [];
    layers = new LayersController({
      map: new OlMap({}),
      createLayer: (_config, context) => {
        contexts.push(context);
        const making = Promise.withResolvers<LayerHandle>();
        made.push(making);
        return making.promise;
      },
      contextFor: () => recordedContext(request),
      onChange: nothing,
      onLoadStart: (id) => heard.push(`start ${id}`),
      onLoadEnd: (id) => heard.push(`end ${id}`),
      onLayerError: (id, {message}) => heard.push(`${id}: ${message}`),
      onProblem: ({message}) => heard.push(message),
    });
    void layers.replaceAll('page', [{config: {type: 'osm', id: 'a', credential: 'none'}}], 'https://maps.example/');
    await Promise.resolve();
    await Promise.resolve();
  });

  it('tells nothing of what went wrong for the one before', async () => {
    const [of] = contexts;
    of?.onLoadStart();
    layers.reset();
    await Promise.resolve();
    await Promise.resolve();
    expect(contexts).to.have.length(2);
    contexts[1]?.onLoadStart();
    of?.onError(new RequestError('of Anna', {kind: 'forbidden', url: 'https://maps.example/'}));
    of?.onLoadEnd();
    expect(layers.entries[0]).to.include({isLoading: true, error: undefined});
    contexts[1]?.onLoadEnd();
    expect(layers.entries[0]).to.include({isLoading: false, error: undefined});
    expect(heard).to.eql(['start a', 'start a', 'end a', 'end a']);
  });

  it('frees what was ready too late, and shows what is for the new one', async () => {
    const freed: string[] = [];
    const handle = (name: string): LayerHandle => ({
      layer: new LayerGroup(),
      retry: nothing,
      reset: nothing,
      dispose: () => freed.push(name),
    });
    layers.reset();
    await Promise.resolve();
    await Promise.resolve();
    made[1]?.resolve(handle('bob'));
    made[0]?.resolve(handle('anna'));
    await layers.settled();
    await Promise.resolve();
    expect(freed).to.eql(['anna']);
    expect(layers.slots).to.have.length(1);
  });
});
