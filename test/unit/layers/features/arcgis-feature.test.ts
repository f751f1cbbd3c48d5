import {expect} from '@open-wc/testing';
import {createLayer} from '../../../../src/layers/registry.js';
import {featureServerAnswer, pointCollection} from '../../../doubles/feature-services.js';
import {recordedContext} from '../../../doubles/recorded-context.js';
import {rejection} from '../../../doubles/rejection.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';
import {showLayer, type ShownLayer} from '../../../doubles/shown-layer.js';

const config = {type: 'arcgis-feature', url: 'https://maps.example/rest/Trees/FeatureServer'} as const;
const view = {center: [556597, 6800125], zoom: 12};
const withQuery =
  (query: (url: URL) => Response, layer: object = {}) =>
  async (url: string): Promise<Response> => {
    if (url.includes('/query')) return query(new URL(url));
    const given: unknown = await (await featureServerAnswer(url)).json();
    return Response.json({...(given as object), ...layer});
  };

describe('arcgis-feature', () => {
  let shown: ShownLayer | undefined;
  afterEach(() => {
    shown?.remove();
    shown = undefined;
  });

  it('asks the layers of the service for what is in view', async () => {
    shown = await showLayer(config, featureServerAnswer, {view});
    expect(shown.server.asked.map(({url}) => new URL(url).pathname)).to.eql([
      '/rest/Trees/FeatureServer',
      '/rest/Trees/FeatureServer/0',
      '/rest/Trees/FeatureServer/0/query',
    ]);
    const [query] = shown.queries('/query');
    const [west] = (query?.get('geometry') ?? '').split(',').map(Number);
    expect(west).to.be.within(4.8, 5);
    expect(Object.fromEntries(query ?? [])).to.include({
      f: 'geojson',
      geometryType: 'esriGeometryEnvelope',
      inSR: '4326',
      outSR: '4326',
      outFields: '*',
    });
    expect(query?.has('resultOffset')).to.equal(false);
    expect(shown.points()).to.eql([[5, 52]]);
  });

  it('reads the format of the service where it has no GeoJSON', async () => {
    const esri = {
      objectIdFieldName: 'OBJECTID',
      geometryType: 'esriGeometryPoint',
      spatialReference: {wkid: 4326},
      features: [{attributes: {OBJECTID: 7, name: 'Oak'}, geometry: {x: 5, y: 52}}],
    };
    shown = await showLayer(
      config,
      withQuery(() => Response.json(esri), {supportedQueryFormats: 'JSON'}),
      {view},
    );
    expect(shown.queries('/query')[0]?.get('f')).to.equal('json');
    expect(shown.points()).to.eql([[5, 52]]);
    expect(shown.features()[0]?.get('name')).to.equal('Oak');
    expect(shown.told()).to.eql([]);
  });

  it('asks page by page while the service has more, or says that there is more', async () => {
    const pages = withQuery(({searchParams}) => {
      const offset = Number(searchParams.get('resultOffset') ?? 0);
      const features = [0, 1].map((i) => ({...pointCollection.features[0], id: offset + i}));
      return Response.json({...pointCollection, features, properties: {exceededTransferLimit: offset < 4}});
    });
    shown = await showLayer(config, pages, {view});
    expect(shown.queries('/query').map((query) => query.get('resultOffset'))).to.eql([null, '2', '4']);
    expect(shown.features()).to.have.length(6);
    expect(shown.told()).to.eql([]);
    shown.remove();
    const single = withQuery(() => Response.json({...pointCollection, exceededTransferLimit: true}), {
      advancedQueryCapabilities: {supportsPagination: false},
    });
    shown = await showLayer(config, single, {view});
    expect(shown.queries('/query')).to.have.length(1);
    expect(shown.told()).to.eql([
      'format: There are more features here than can be shown at once: zoom in to see all of them.',
    ]);
  });

  it('asks again nearer by where there were more than the service hands out, and otherwise not', async () => {
    for (const [isCutOff, asked] of [
      [true, 2],
      [false, 1],
    ] as const) {
      const answer = withQuery(() => Response.json({...pointCollection, exceededTransferLimit: isCutOff}), {
        advancedQueryCapabilities: {supportsPagination: false},
      });
      shown = await showLayer(config, answer, {view});
      shown.page.map.getView().setZoom(14);
      await shown.page.rendered();
      expect(shown.queries('/query')).to.have.length(asked);
      expect(shown.features()).to.have.length(1);
      expect(shown.told()).to.have.length(isCutOff ? 1 : 0);
      shown.remove();
    }
    shown = undefined;
  });

  it('takes the errors that come with status 200 for what they are', async () => {
    for (const [code, message, words] of [
      [498, 'Invalid token.', 'auth: The service answered: Invalid token. 401'],
      [499, 'Token Required', 'auth: The service answered: Token Required 401'],
      [403, 'You do not have permissions', 'forbidden: The service answered: You do not have permissions 403'],
      [400, 'Invalid query', 'ogc: The service answered: Invalid query undefined'],
    ] as const) {
      shown = await showLayer(
        config,
        withQuery(() => Response.json({error: {code, message}})),
        {view},
      );
      const [error] = shown.context.heard.errors;
      expect(`${error?.kind}: ${error?.message} ${error?.status}`).to.equal(words);
      shown.remove();
    }
    shown = undefined;
  });

  it('knows the refusals among them by their beginning, so that the map tries a newer credential', async () => {
    const refusals: (boolean | undefined)[] = [];
    const answers = [
      '{"error":{"code":498,"message":"Invalid token."}}',
      '{ "error" : { "code" : 499 } }',
      '{"error":{"code":400}}',
      '{"features":[{"code":498}]}',
      '',
    ];
    shown = await showLayer(config, async (url, {isRefused}) => {
      for (const answer of url.includes('/query') ? answers : [])
        refusals.push(await isRefused?.(new Response(answer)));
      return featureServerAnswer(url);
    });
    expect(refusals).to.eql([true, true, false, false, false]);
  });

  it('takes layers by number or by name, and names those that there are', async () => {
    shown = await showLayer({...config, layers: ['Trees', 0]}, featureServerAnswer, {view});
    expect(shown.queries('/0/query')).to.have.length(2);
    const {request} = new ScriptedServer(featureServerAnswer);
    const error = await rejection(createLayer({...config, layers: 4}, recordedContext(request)));
    expect(error).to.include({
      code: 'invalid-layer',
      message: 'The service has no "layers" "4". Allowed: "0: Trees".',
    });
  });
});
