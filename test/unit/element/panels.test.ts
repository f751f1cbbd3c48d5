import {expect, waitUntil} from '@open-wc/testing';
import MapBrowserEvent from 'ol/MapBrowserEvent.js';
import {SecureMap} from '../../../src/secure-map.js';

if (!customElements.get('secure-map')) customElements.define('secure-map', SecureMap);

const network = globalThis.fetch;

describe('the question what is at a place', () => {
  let asked: Request[];
  let answers: string[];

  /** A map of 200 × 200 pixels, once its layers are there. */
  const showMap = async (layers: readonly {readonly id: string}[]): Promise<SecureMap> => {
    const map = document.createElement('secure-map');
    Object.assign(map, {controls: 'none', layers});
    map.style.cssText = 'display: block; width: 200px; height: 200px';
    document.body.append(map);
    await map.ready;
    await waitUntil(() => layers.every(({id}) => map.getLayer(id)));
    map.map.renderSync();
    return map;
  };
  const click = ({map}: SecureMap): void => {
    const event = new PointerEvent('click', {clientX: 50, clientY: 50});
    map.dispatchEvent(new MapBrowserEvent('singleclick', map, event));
  };
  const wms = (id: string) => ({
    type: 'wms',
    id,
    title: id,
    url: 'https://own.example/wms',
    layers: id,
    identify: true,
  });

  beforeEach(() => {
    asked = [];
    answers = [];
    globalThis.fetch = (input, init) => {
      const request = new Request(input, init);
      if (new URL(request.url).hostname !== 'own.example') return network(input, init);
      if (request.url.includes('GetFeatureInfo')) asked.push(request);
      if (!request.url.includes('GetFeatureInfo')) return Promise.resolve(new Response('', {status: 403}));
      const answer = answers.shift();
      // Without one nobody answers.
      return answer === undefined ? new Promise(() => undefined) : Promise.resolve(Response.json(JSON.parse(answer)));
    };
  });
  afterEach(() => {
    globalThis.fetch = network;
    for (const map of document.querySelectorAll('secure-map')) map.remove();
  });

  it('is taken back when the map leaves the page', async () => {
    const map = await showMap([wms('a')]);
    click(map);
    await waitUntil(() => asked.length === 1, 'asked', {timeout: 8000});
    map.remove();
    await waitUntil(() => asked[0]?.signal.aborted, 'taken back', {timeout: 4000});
    expect(asked).to.have.length(1);
  });

  it('takes what a layer said with it when that is removed, and the mark with the last of them', async () => {
    const found = (name: string): string =>
      JSON.stringify({type: 'FeatureCollection', features: [{type: 'Feature', properties: {name}, geometry: null}]});
    answers.push(found('of one'), found('of the other'));
    const map = await showMap([wms('a'), wms('b')]);
    const panel = (): string => map.shadowRoot?.querySelector('[part~="identify"]')?.textContent ?? '';
    const isMarked = (): boolean =>
      map.map
        .getOverlays()
        .getArray()
        .some((overlay) => overlay.getPosition());
    click(map);
    await waitUntil(() => panel().includes('of one') && panel().includes('of the other'), 'told', {timeout: 8000});
    expect(isMarked()).to.equal(true);
    map.removeLayer('b');
    await waitUntil(() => !panel().includes('of the other'), 'gone', {timeout: 4000});
    expect(panel()).to.include('of one');
    map.removeLayer('a');
    await waitUntil(() => panel() === '', 'gone as well', {timeout: 4000});
    expect(isMarked()).to.equal(false);
  });
});
