import {browserEnvironment} from '../../src/element/browser-environment.js';
import {expect} from '@open-wc/testing';
import type {ParsedLayer} from '../../src/config/parse-layers.js';
import {LayersController} from '../../src/element/layers-controller.js';
import type {LayerContext} from '../../src/layers/layer-kind.js';
import {createLayer} from '../../src/layers/registry.js';
import type {AuthorizedFetch} from '../../src/request/authorized-fetch.js';
import {createPartRequest} from '../../src/request/part-request.js';
import type {RequestError} from '../../src/request/request-error.js';
import {pageMap, type PageMap} from '../doubles/page-map.js';
import {setUp} from '../unit/request/setup.js';
import type {LayerFixture} from './fixtures.js';

interface Shown {
  readonly page: PageMap;
  readonly layers: LayersController;
  readonly errors: readonly RequestError[];
}

/** Puts a layer onto a map whose requests are the real ones, down to `fetch`. */
const show = async (
  parsed: readonly ParsedLayer[],
  view: LayerFixture['view'],
  authorizedFetch: AuthorizedFetch,
): Promise<Shown> => {
  const page = pageMap([], view);
  const errors: RequestError[] = [];
  const layers = new LayersController({
    map: page.map,
    createLayer,
    contextFor: ({credential}, layerId, baseUrl, signal): Omit<LayerContext, `on${string}` | 'signal'> => ({
      request: createPartRequest({authorizedFetch, now: () => Date.now(), credential, layerId}),
      isPublic: () => false,
      mayFollow: () => true,
      inTurn: (_url, _signal, task) => task(),
      share: (_key, work) => work(signal),
      clock: browserEnvironment,
      baseUrl,
      projection: page.map.getView().getProjection().getCode(),
    }),
    onChange: () => undefined,
    onLoadStart: () => undefined,
    onLoadEnd: () => undefined,
    onLayerError: (_id, error) => errors.push(error),
    onProblem: (error) => {
      throw error;
    },
  });
  await layers.replaceAll('page', parsed, 'https://maps.example/config/');
  await page.rendered();
  return {page, layers, errors};
};

/** As a layer asks; what a service is told beside that is the same for all. */
const optionsOf = async (request: Request): Promise<Parameters<LayerFixture['answer']>[1]> => ({
  method: request.method,
  headers: Object.fromEntries(request.headers),
  body: (await request.clone().text()) || undefined,
});

/** What holds for the credential on the requests of a layer, from the first to the last of them. */
export const authorizedSuite = ({config, answer, view}: LayerFixture, parsed: () => readonly ParsedLayer[]): void => {
  // The map of everybody takes no credential.
  if (config.type === 'osm') return;

  it('has the credential on each of its requests, and one renewal heals refusals of all of them', async () => {
    const {network, source, authorizedFetch} = setUp({
      scope: 'https://maps.example/',
      answer: async (request) =>
        request.headers.get('authorization') === 'Bearer t2'
          ? answer(request.url, await optionsOf(request))
          : new Response('', {status: 401}),
    });
    const {page, layers, errors} = await show(parsed(), view, authorizedFetch);
    try {
      expect(errors.map(({message}) => message)).to.eql([]);
      expect(new Set(network.credentials)).to.eql(new Set(['Bearer t1', 'Bearer t2']));
      expect(network.sent.filter(({headers}) => headers.get('authorization') === 'Bearer t2')).not.to.eql([]);
      expect(source.asked.map(({reason}) => reason)).to.eql(['initial', 'unauthorized']);
    } finally {
      layers.suspend();
      page.remove();
    }
  });

  it('sends no credential to a server that is not among the allowed origins, and tells it once', async () => {
    const {network, blocked, authorizedFetch} = setUp({
      scope: 'https://elsewhere.example/',
      answer: () => new Response('', {status: 401}),
    });
    const {page, layers, errors} = await show(parsed(), view, authorizedFetch);
    try {
      expect(network.sent).not.to.eql([]);
      expect(new Set(network.credentials)).to.eql(new Set([null]));
      expect(blocked.map(([origin]) => origin)).to.eql(['https://maps.example']);
      expect(new Set(errors.map(({kind}) => kind))).to.eql(new Set(['origin']));
    } finally {
      layers.suspend();
      page.remove();
    }
  });
};
