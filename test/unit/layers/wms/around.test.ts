import {expect, waitUntil} from '@open-wc/testing';
import type {LayerContext, LayerHandle} from '../../../../src/layers/layer-kind.js';
import {wms} from '../../../../src/layers/wms.js';
import {RequestError} from '../../../../src/request/request-error.js';
import {imageAnswer} from '../../../doubles/images.js';
import {pageMap, type PageMap} from '../../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../../doubles/recorded-context.js';
import {rejection} from '../../../doubles/rejection.js';
import {ScriptedServer, type Answer} from '../../../doubles/scripted-server.js';

type Config = Parameters<typeof wms.create>[0];

const {signal} = new AbortController();
const red = [255, 0, 0, 255];
const place = {coordinate: [1000, 2000], pixel: [0, 0], resolution: 10, projection: 'EPSG:3857'};

interface Parts {
  readonly formats?: readonly string[];
  readonly legendGraphic?: boolean;
  readonly systems?: readonly string[];
  readonly legend?: string;
}

const capabilities13 = ({formats = [], legendGraphic, systems = ['EPSG:3857'], legend = ''}: Parts): Response =>
  new Response(`<?xml version="1.0"?><WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:sld="http://www.opengis.net/sld">
    <Capability><Request><GetMap><Format>image/png</Format></GetMap>
      <GetFeatureInfo>${formats.map((format) => `<Format>${format}</Format>`).join('')}</GetFeatureInfo>
      ${legendGraphic ? '<sld:GetLegendGraphic><Format>image/png</Format></sld:GetLegendGraphic>' : ''}
    </Request><Layer><Title>All</Title>${systems.map((name) => `<CRS>${name}</CRS>`).join('')}
      <Layer queryable="1"><Name>a</Name><Title>Layer A</Title><Style><Name>day</Name><LegendURL><Format>image/png</Format><OnlineResource xlink:href="${legend}"/></LegendURL></Style></Layer>
      <Layer><Name>b</Name><Title>Layer B</Title></Layer>
      <Layer><Name>c</Name><Title>Group</Title><Layer queryable="1"><Title>Part</Title></Layer></Layer>
    </Layer></Capability></WMS_Capabilities>`);

const exception = (code: string): Response =>
  new Response(
    `<ServiceExceptionReport version="1.3.0"><ServiceException code="${code}">No such system</ServiceException></ServiceExceptionReport>`,
  );

describe('wms beside its maps', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle | undefined;
  let page: PageMap | undefined;
  let picture: Response;
  let replies: Record<string, (url: string) => Answer>;

  before(async () => (picture = await imageAnswer('red', 768)));
  beforeEach(() => {
    handle = page = undefined;
    replies = {};
  });
  afterEach(() => {
    handle?.dispose();
    page?.remove();
  });
  const make = async (
    parts: Parts,
    config: Partial<Config> = {},
    overrides: Partial<LayerContext> = {},
  ): Promise<LayerHandle> => {
    server = new ScriptedServer((url) => {
      const [, reply] = Object.entries(replies).find(([part]) => url.includes(part)) ?? [];
      if (reply) return reply(url);
      return url.includes('REQUEST=GetCapabilities') ? capabilities13(parts) : picture;
    });
    context = recordedContext(server.request, overrides);
    handle = await wms.create({type: 'wms', url: 'https://wms.example/ows?map=m', layers: 'a', ...config}, context);
    return handle;
  };
  const query = (url = ''): Record<string, string> => Object.fromEntries(new URL(url).searchParams);
  const last = (): Record<string, string> => query(server.asked.at(-1)?.url);
  const asked = (request: string): Record<string, string>[] =>
    server.asked.map(({url}) => query(url)).filter(({REQUEST}) => REQUEST === request);

  it('asks for no capabilities for a map', async () => {
    await make({});
    page = pageMap(handle ? [handle.layer] : []);
    await page.rendered();
    expect(asked('GetCapabilities')).to.eql([]);
    expect(handle?.isPersonal).to.equal(false);
  });

  describe('tells what is at a place', () => {
    it('in the best format, of the layers that can be asked', async () => {
      const made = await make(
        {formats: ['text/html', 'application/json', 'text/plain']},
        {layers: ['a', 'b', 'c', 'x'], params: {KEY: 'k'}},
      );
      replies = {
        GetFeatureInfo: () =>
          Response.json({
            type: 'FeatureCollection',
            features: [{type: 'Feature', id: 'a.1', properties: {n: 1}, geometry: null}],
          }),
      };
      expect(await made.identify?.(place, signal)).to.eql([{id: 'a.1', properties: {n: 1}}]);
      expect(asked('GetCapabilities')[0]).to.eql({
        map: 'm',
        KEY: 'k',
        SERVICE: 'WMS',
        REQUEST: 'GetCapabilities',
        VERSION: '1.3.0',
      });
      expect(last()).to.include({
        map: 'm',
        KEY: 'k',
        REQUEST: 'GetFeatureInfo',
        LAYERS: 'a,b,c,x',
        QUERY_LAYERS: 'a,c,x',
        INFO_FORMAT: 'application/json',
        BBOX: '495,1495,1505,2505',
        WIDTH: '101',
        I: '50',
        J: '50',
      });
    });

    it('with the parameters of older versions', async () => {
      const made = await make({formats: ['text/plain']}, {version: '1.1.1'});
      replies = {GetFeatureInfo: () => new Response('a = <1>')};
      expect(await made.identify?.(place, signal)).to.eql([{properties: {}, text: 'a = <1>'}]);
      expect(last()).to.include({X: '50', Y: '50', SRS: 'EPSG:3857'}).and.not.to.have.property('I');
    });

    it('not at all where nothing can be asked', async () => {
      const made = await make({formats: ['text/plain']}, {layers: 'b'});
      expect(await made.identify?.(place, signal)).to.eql([]);
      const other = await make({formats: ['application/x-unknown']});
      expect(await other.identify?.(place, signal)).to.eql([]);
      expect(asked('GetFeatureInfo')).to.eql([]);
    });

    it('also of a service that does not tell of itself, and says what it reports', async () => {
      const made = await make({formats: ['text/plain']});
      replies = {
        GetCapabilities: (url) => new RequestError('no', {kind: 'forbidden', status: 403, url}),
        GetFeatureInfo: () => new Response('x'),
      };
      expect(await made.identify?.(place, signal)).to.eql([{properties: {}, text: 'x'}]);
      replies = {GetFeatureInfo: () => exception('LayerNotQueryable')};
      const error = await rejection(Promise.resolve(made.identify?.(place, signal)));
      expect(error).to.include({kind: 'ogc', message: 'The service answered: No such system'});
      replies = {GetCapabilities: (url) => new RequestError('no', {kind: 'auth', status: 401, url})};
      expect(await rejection(Promise.resolve(made.identify?.(place, signal)))).to.include({kind: 'auth'});
    });
  });

  describe('has its legend', () => {
    it('by GetLegendGraphic, a picture for each layer', async () => {
      const made = await make(
        {legendGraphic: true, legend: 'https://evil.example/l.png'},
        {layers: ['a', 'b'], styles: 'day'},
      );
      const legend = (await made.legend?.(signal)) ?? [];
      expect(legend.map(({title}) => title)).to.eql(['Layer A', 'Layer B']);
      expect(legend[0]?.image).to.be.instanceOf(ImageBitmap);
      expect(
        asked('GetLegendGraphic').map(({LAYER, STYLE, FORMAT, map, SLD_VERSION}) => ({
          LAYER,
          STYLE,
          FORMAT,
          map,
          SLD_VERSION,
        })),
      ).to.eql([
        {LAYER: 'a', STYLE: 'day', FORMAT: 'image/png', map: 'm', SLD_VERSION: '1.1.0'},
        {LAYER: 'b', STYLE: '', FORMAT: 'image/png', map: 'm', SLD_VERSION: '1.1.0'},
      ]);
    });

    it('where the capabilities say, unless that is foreign', async () => {
      const made = await make({legend: '/legends/a.png'}, {layers: ['a', 'b']});
      expect(((await made.legend?.(signal)) ?? []).map(({title}) => title)).to.eql(['Layer A']);
      expect(server.asked.at(-1)?.url).to.equal('https://wms.example/legends/a.png');
      const foreign = await make(
        {legend: 'https://evil.example/l.png'},
        {},
        {mayFollow: (url) => !url.includes('evil')},
      );
      expect(await rejection(Promise.resolve(foreign.legend?.(signal)))).to.include({kind: 'origin'});
      expect(server.asked).to.have.length(1);
    });

    it('also of a service that does not tell of itself', async () => {
      const made = await make({}, {version: '1.1.1'});
      replies = {GetCapabilities: () => new Response('<html></html>')};
      expect(await made.legend?.(signal)).to.have.length(1);
      expect(last()).to.include({REQUEST: 'GetLegendGraphic', LAYER: 'a'}).and.not.to.have.property('SLD_VERSION');
    });
  });

  describe('of a service that does not know the system of the view', () => {
    const inDegrees = (url: string): Answer => (query(url)['CRS'] === 'EPSG:3857' ? exception('InvalidCRS') : picture);

    for (const single of [false, true]) {
      it(`asks for ${single ? 'the picture' : 'the tiles'} in one that it knows, and tells of nothing`, async () => {
        const made = await make({systems: ['EPSG:99999', 'EPSG:4326']}, {single});
        replies = {GetMap: inDegrees};
        page = pageMap([made.layer], {zoom: 2});
        await waitUntil(() => page?.pixel(250, 250).join() === red.join(), 'the map is drawn', {timeout: 8000});
        expect(asked('GetCapabilities')).to.have.length(1);
        expect(asked('GetMap').at(-1)).to.include({CRS: 'EPSG:4326'});
        expect(context.heard.errors).to.eql([]);
        // Latitude first.
        const [south = 0, west = 0, north = 0, east = 0] = (asked('GetMap').at(-1)?.['BBOX'] ?? '')
          .split(',')
          .map(Number);
        expect(Math.max(Math.abs(south), Math.abs(north))).to.be.at.most(single ? 200 : 90);
        expect(east).to.be.above(west);
      });
    }

    it('says what the service said when there is no other, and looks again by retry()', async () => {
      const made = await make({systems: ['EPSG:3857', 'EPSG:99999']});
      replies = {GetMap: inDegrees};
      page = pageMap([made.layer], {zoom: 0});
      await page.rendered();
      await waitUntil(() => context.heard.errors.length > 0);
      expect(context.heard.errors[0]).to.include({kind: 'ogc', reason: 'InvalidCRS'});
      replies = {GetMap: inDegrees, GetCapabilities: () => capabilities13({systems: ['EPSG:4326']})};
      made.retry();
      await waitUntil(() => page?.pixel(250, 250).join() === red.join(), 'the map is drawn', {timeout: 8000});
    });

    it('reads the capabilities first when the view is in a rare one', async () => {
      const view = {projection: 'EPSG:28992'};
      const made = await make({systems: ['EPSG:28992', 'EPSG:3857']}, {}, view);
      expect(made.isPersonal).to.equal(true);
      page = pageMap([made.layer], {...view, center: [150_000, 450_000], resolution: 100});
      await page.rendered();
      expect(asked('GetMap')[0]).to.include({CRS: 'EPSG:28992'});
      page.remove();
      made.dispose();
      const other = await make({systems: ['EPSG:4326', 'EPSG:3857']}, {}, view);
      page = pageMap([other.layer], {...view, center: [150_000, 450_000], resolution: 100});
      await page.rendered();
      expect(new Set(asked('GetMap').map(({CRS}) => CRS))).to.eql(new Set(['EPSG:3857']));
      expect(page.pixel(250, 250)).to.eql(red);
      const untold = await (async () => {
        replies = {GetCapabilities: (url) => new RequestError('no', {kind: 'forbidden', status: 403, url})};
        return make({}, {}, view);
      })();
      expect(untold.layer.getVisible()).to.equal(true);
    });
  });
});
