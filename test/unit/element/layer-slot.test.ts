import {expect} from '@open-wc/testing';
import OlMap from 'ol/Map.js';
import LayerGroup from 'ol/layer/Group.js';
import {LayersController} from '../../../src/element/layers-controller.js';
import type {LayerContext, LayerHandle} from '../../../src/layers/layer-kind.js';
import {RequestError} from '../../../src/request/request-error.js';
import {settled} from '../../doubles/test-environment.js';
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

describe('a request that is under way when the map is told to try again', () => {
  const url = 'https://maps.example/tile';
  const lost = (): RequestError => new RequestError('lost', {kind: 'network', url});
  let sent: PromiseWithResolvers<Response>[];
  let context: LayerContext | undefined;
  let layers: LayersController;

  beforeEach(async () => {
    sent = [];
    layers = new LayersController({
      map: new OlMap({}),
      createLayer: (_config, given) => {
        context = given;
        return Promise.resolve({layer: new LayerGroup(), retry: nothing, reset: nothing, dispose: nothing});
      },
      contextFor: () =>
        recordedContext(() => {
          const answer = Promise.withResolvers<Response>();
          sent.push(answer);
          return answer.promise;
        }),
      onChange: nothing,
      onLoadStart: nothing,
      onLoadEnd: nothing,
      onLayerError: nothing,
      onProblem: nothing,
    });
    void layers.replaceAll('page', [{config: {type: 'osm', id: 'a', credential: 'none'}}], 'https://maps.example/');
    await layers.settled();
  });

  const ask = async (signal?: AbortSignal): Promise<string> => {
    try {
      return await ((await context?.request(url, {signal}))?.text() ?? 'no layer');
    } catch (error) {
      return String(error);
    }
  };

  it('is sent again when it turns out to be lost', async () => {
    const answer = ask();
    layers.retry();
    sent[0]?.reject(lost());
    await settled();
    expect(sent).to.have.length(2);
    layers.retry();
    sent[1]?.reject(new RequestError('later', {kind: 'auth', url, reason: 'sign-in-required'}));
    await settled();
    expect(sent).to.have.length(3);
    sent[2]?.resolve(new Response('here'));
    expect(await answer).to.equal('here');
  });

  it('is not sent again when nobody said so since', async () => {
    layers.retry();
    const answer = ask();
    sent[0]?.reject(lost());
    expect(await answer).to.contain('lost');
    expect(sent).to.have.length(1);
  });

  it('is not sent again for a layer that is gone', async () => {
    const answer = ask();
    layers.retry();
    layers.replaceAll('page', [], 'https://maps.example/').catch(() => undefined);
    sent[0]?.reject(lost());
    expect(await answer).to.contain('lost');
    expect(sent).to.have.length(1);
  });

  it('is not sent again after an answer, or when it is not wanted any more', async () => {
    const abort = new AbortController();
    const answers = [ask(), ask(abort.signal)];
    layers.retry();
    abort.abort();
    sent[0]?.reject(new RequestError('busy', {kind: 'network', url, status: 503}));
    sent[1]?.reject(lost());
    await Promise.all(answers);
    expect(sent).to.have.length(2);
  });
});
