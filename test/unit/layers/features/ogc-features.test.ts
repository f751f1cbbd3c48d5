import {expect} from '@open-wc/testing';
import {createLayer} from '../../../../src/layers/registry.js';
import {ogcFeaturesAnswer, pointCollection} from '../../../doubles/feature-services.js';
import {recordedContext} from '../../../doubles/recorded-context.js';
import {rejection} from '../../../doubles/rejection.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';
import {showLayer, type ShownLayer} from '../../../doubles/shown-layer.js';

const config = {type: 'ogc-features', url: 'https://maps.example/api', collection: 'trees'} as const;
const view = {center: [556597, 6800125], zoom: 12};
const mayFollow = (url: string): boolean => url.startsWith('https://maps.example/');
const withItems =
  (items: (url: string) => Response) =>
  async (url: string): Promise<Response> =>
    url.includes('/items') ? items(url) : ogcFeaturesAnswer(url);
const page = (id: string, next?: string) => ({
  ...pointCollection,
  features: pointCollection.features.map((feature) => ({...feature, id})),
  links: next ? [{rel: 'next', href: next}] : [],
});

describe('ogc-features', () => {
  let shown: ShownLayer | undefined;
  afterEach(() => {
    shown?.remove();
    shown = undefined;
  });

  it('finds the collection from the landing page, and asks for what is in view', async () => {
    shown = await showLayer({...config, limit: 50}, ogcFeaturesAnswer, {view});
    expect(shown.server.asked.map(({url}) => new URL(url).pathname)).to.eql([
      '/api',
      '/api/collections',
      '/api/collections/trees/items',
    ]);
    const [query] = shown.queries('/items');
    const [west, south, east, north] = (query?.get('bbox') ?? '').split(',').map(Number);
    expect(west).to.be.within(4.8, 5);
    expect(south).to.be.within(51.8, 52);
    expect(east).to.be.within(5, 5.2);
    expect(north).to.be.within(52, 52.2);
    expect(query?.get('limit')).to.equal('50');
    expect(shown.points()).to.eql([[5, 52]]);
    expect(shown.handle.isPersonal).to.equal(true);
  });

  it('takes the address of a collection as well, and gives on whom it is from', async () => {
    const collection = {id: 'trees', attribution: 'City', links: [{rel: 'items', href: 'trees/items'}]};
    const answer = (url: string): Response => Response.json(url.includes('/items') ? pointCollection : collection);
    shown = await showLayer({type: 'ogc-features', url: 'https://maps.example/api/collections/trees'}, answer, {view});
    expect(new URL(shown.server.asked[1]?.url ?? '').pathname).to.equal('/api/collections/trees/items');
    expect(shown.handle.attribution).to.equal('City');
  });

  it('follows next links, each once, and to no foreign origin', async () => {
    shown = await showLayer(
      config,
      withItems((url) => Response.json(url.includes('page=2') ? page('b') : page('a', 'items?page=2'))),
      {view, mayFollow},
    );
    expect(shown.features().map((feature) => feature.getId())).to.eql(['a', 'b']);
    expect(shown.told()).to.eql([]);
    shown.remove();
    shown = await showLayer(
      config,
      withItems(() => Response.json(page('a', 'https://evil.example/items'))),
      {view, mayFollow},
    );
    expect(shown.server.asked.filter(({url}) => !url.startsWith('https://maps.example/'))).to.eql([]);
    expect(shown.told()).to.eql([
      'origin: The service names an address at https://evil.example, which is not among the allowed origins: nothing was sent there.',
    ]);
    expect(shown.features()).to.have.length(1);
    shown.remove();
    shown = await showLayer(
      config,
      withItems(() => Response.json(page('a', 'items?again'))),
      {view, mayFollow},
    );
    expect(shown.queries('/items')).to.have.length(2);
    expect(shown.told()).to.eql(['format: The service names a page as the next one that it has given before']);
  });

  it('gives up on a service that names ever another page', async () => {
    let pages = 0;
    shown = await showLayer(
      config,
      withItems(() => Response.json({...page('a', `items?page=${(pages += 1)}`), features: []})),
      {view, mayFollow},
    );
    const asked = shown.queries('/items').length;
    expect(asked).to.be.at.most(1000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(shown.queries('/items')).to.have.length(asked);
    expect(shown.told()[0]).to.include('zoom in to see all');
  }).timeout(20_000);

  it('tells what the API says went wrong, with status 200 as well', async () => {
    shown = await showLayer(
      config,
      withItems(() => Response.json({code: 'InvalidParameterValue', description: 'bbox is wrong'})),
      {view},
    );
    expect(shown.told()).to.eql(['ogc: The service answered: bbox is wrong']);
  });

  it('names the collections that there are', async () => {
    for (const [collection, words] of [
      ['lakes', 'The service has no "collection" "lakes". Allowed: "trees", "roads".'],
      [undefined, 'The layer needs "collection", since the service has several. Allowed: "trees", "roads".'],
    ] as const) {
      const {request} = new ScriptedServer(ogcFeaturesAnswer);
      const {collection: _, ...rest} = config;
      const error = await rejection(
        createLayer({...rest, ...(collection ? {collection} : {})}, recordedContext(request)),
      );
      expect(error).to.include({code: 'invalid-layer', message: words});
    }
  });
});
