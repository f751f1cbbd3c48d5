import {expect, waitUntil} from '@open-wc/testing';
import MapBrowserEvent from 'ol/MapBrowserEvent.js';
import {SecureMap} from '../../../src/secure-map.js';

if (!customElements.get('secure-map')) customElements.define('secure-map', SecureMap);

const network = globalThis.fetch;

describe('the question what is at a place', () => {
  let asked: Request[];

  beforeEach(() => {
    asked = [];
    globalThis.fetch = (input, init) => {
      const request = new Request(input, init);
      if (new URL(request.url).hostname !== 'own.example') return network(input, init);
      if (request.url.includes('GetFeatureInfo')) asked.push(request);
      // Nobody answers.
      return request.url.includes('GetFeatureInfo')
        ? new Promise(() => undefined)
        : Promise.resolve(new Response('', {status: 403}));
    };
  });
  afterEach(() => {
    globalThis.fetch = network;
    for (const map of document.querySelectorAll('secure-map')) map.remove();
  });

  it('is taken back when the map leaves the page', async () => {
    const map = document.createElement('secure-map');
    Object.assign(map, {
      controls: 'none',
      layers: [{type: 'wms', id: 'a', url: 'https://own.example/wms', layers: 'a', identify: true}],
    });
    map.style.cssText = 'display: block; width: 200px; height: 200px';
    document.body.append(map);
    await map.ready;
    await waitUntil(() => map.getLayer('a') !== undefined);
    map.map.renderSync();
    const click = new MapBrowserEvent('singleclick', map.map, new PointerEvent('click', {clientX: 50, clientY: 50}));
    map.map.dispatchEvent(click);
    await waitUntil(() => asked.length === 1, 'asked', {timeout: 8000});
    map.remove();
    await waitUntil(() => asked[0]?.signal.aborted, 'taken back', {timeout: 4000});
    expect(asked).to.have.length(1);
  });
});
