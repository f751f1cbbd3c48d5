import {expect} from '@open-wc/testing';
import {createLayer} from '../../../../src/layers/registry.js';
import type {RequestOptions} from '../../../../src/request/request.js';
import {
  gml2,
  gml31,
  gml32,
  pointCollection,
  wfsCapabilities,
  type WfsOptions,
} from '../../../doubles/feature-services.js';
import {recordedContext} from '../../../doubles/recorded-context.js';
import {rejection} from '../../../doubles/rejection.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';
import {showLayer, type ShownLayer} from '../../../doubles/shown-layer.js';

const config = {type: 'wfs', url: 'https://maps.example/wfs?map=city&service=WMS', typeName: 'city:trees'} as const;
const xml = (text: string): Response => new Response(text, {headers: {'content-type': 'text/xml'}});
const view = {center: [556597, 6800125], zoom: 12};

/** A service that says this of itself, and answers so to the question for features. */
const service =
  (options: WfsOptions, features: (url: string, given: RequestOptions) => Response) =>
  (url: string, given: RequestOptions = {}): Response =>
    url.includes('GetCapabilities') ? xml(wfsCapabilities(options)) : features(url, given);

describe('wfs', () => {
  let shown: ShownLayer | undefined;
  afterEach(() => {
    shown?.remove();
    shown = undefined;
  });

  it('asks for GeoJSON of what is in view, in the version and under the name that the service has', async () => {
    shown = await showLayer(
      {...config, typeName: 'trees'},
      service({}, () => Response.json(pointCollection)),
      {view},
    );
    const [query] = shown.queries('GetFeature');
    const {bbox, ...rest} = Object.fromEntries([...(query ?? [])].map(([name, value]) => [name.toLowerCase(), value]));
    expect(rest).to.eql({
      map: 'city',
      service: 'WFS',
      version: '2.0.0',
      request: 'GetFeature',
      typenames: 'city:trees',
      srsname: 'urn:ogc:def:crs:EPSG::4326',
      outputformat: 'application/json',
      count: '2000',
    });
    const [south, west, north, east, crs] = (bbox ?? '').split(',');
    expect(crs).to.equal('urn:ogc:def:crs:EPSG::4326');
    expect(Number(south)).to.be.within(51.8, 52);
    expect(Number(north)).to.be.within(52, 52.2);
    expect(Number(west)).to.be.within(4.8, 5);
    expect(Number(east)).to.be.within(5, 5.2);
    expect(shown.points()).to.eql([[5, 52]]);
    expect(shown.told()).to.eql([]);
  });

  it('asks a service of version 1.0.0 in its own words, longitude first', async () => {
    const answer = service({version: '1.0.0', formats: []}, () =>
      xml(gml2('http://www.opengis.net/gml/srs/epsg.xml#4326', '5,52')),
    );
    shown = await showLayer({...config, version: '1.0.0'}, answer, {view});
    const [capabilities] = shown.queries('GetCapabilities');
    expect(capabilities?.get('VERSION')).to.equal('1.0.0');
    const [query] = shown.queries('GetFeature');
    expect(query?.get('TYPENAME')).to.equal('city:trees');
    expect(query?.get('SRSNAME')).to.equal('EPSG:4326');
    expect(query?.get('MAXFEATURES')).to.equal('2000');
    const [west, south, east, north, more] = (query?.get('BBOX') ?? '').split(',').map(Number);
    expect([west, south, east, north].map((each) => Math.round(each ?? 0))).to.eql([5, 52, 5, 52]);
    expect(more).to.equal(undefined);
    expect(shown.points()).to.eql([[5, 52]]);
  });

  const urn = 'urn:ogc:def:crs:EPSG::4326';
  const uri = 'http://www.opengis.net/def/crs/EPSG/0/4326';
  for (const [version, answer, what] of [
    ['2.0.0', gml32(urn, '52 5'), 'a URN, latitude first'],
    ['2.0.0', gml32(uri, '52 5'), 'a URI, latitude first'],
    ['2.0.0', gml32('EPSG:4326', '5 52'), 'a short name, longitude first'],
    ['1.1.0', gml31(urn, '52 5'), 'a URN, latitude first'],
    ['1.1.0', gml31('urn:x-ogc:def:crs:EPSG:4326', '52 5'), 'an old URN, latitude first'],
    ['1.1.0', gml31('EPSG:4326', '5 52'), 'a short name, longitude first'],
    ['1.0.0', gml2('EPSG:4326', '5,52'), 'a short name, longitude first'],
  ] as const)
    it(`reads GML of version ${version} with ${what}`, async () => {
      shown = await showLayer(
        config,
        service({version, formats: ['text/xml; subtype=gml/3.1.1']}, () => xml(answer)),
        {view},
      );
      expect(shown.told()).to.eql([]);
      expect(shown.points()).to.eql([[5, 52]]);
      expect(shown.features()[0]?.getId()).to.equal('trees.1');
      expect(shown.features()[0]?.get('name')).to.equal('Oak');
    });

  it('asks page by page where the service has pages, and not where it has none', async () => {
    const page = (start: number, count: number) => ({
      type: 'FeatureCollection',
      features: Array.from({length: count}, (_, i) => ({...pointCollection.features[0], id: `trees.${start + i}`})),
    });
    const answer = (url: string): Response => {
      const start = Number(new URL(url).searchParams.get('STARTINDEX') ?? 0);
      return Response.json(page(start, start === 0 ? 2000 : 3));
    };
    shown = await showLayer(config, service({hasPages: true}, answer), {view});
    expect(shown.queries('GetFeature').map((query) => query.get('STARTINDEX'))).to.eql([null, '2000']);
    expect(shown.features()).to.have.length(2003);
    expect(shown.told()).to.eql([]);
    shown.remove();
    shown = await showLayer(config, service({hasPages: false}, answer), {view});
    expect(shown.queries('GetFeature')).to.have.length(1);
    expect(shown.told()).to.eql([
      'format: There are more features here than can be shown at once: zoom in to see all of them.',
    ]);
  });

  it('follows the next page that the service names, but not to a foreign origin', async () => {
    const next = (href: string): string => gml32(urn, '52 5', `next="${href.replaceAll('&', '&amp;')}"`);
    const answer = service({formats: ['gml32']}, (url) =>
      xml(url.includes('page=2') ? next('https://evil.example/wfs?page=3') : next('?page=2&x=1')),
    );
    const mayFollow = (url: string): boolean => url.startsWith('https://maps.example/');
    shown = await showLayer(config, answer, {view, mayFollow});
    expect(shown.server.asked.map(({url}) => new URL(url).origin)).to.eql(Array(3).fill('https://maps.example'));
    expect(shown.server.asked.at(-1)?.url).to.equal('https://maps.example/wfs?page=2&x=1');
    expect(shown.context.heard.errors.map(({kind, url}) => `${kind} ${url}`)).to.eql([
      'origin https://evil.example/wfs',
    ]);
  });

  it('posts a form when the config says so, and when the address would be too long', async () => {
    for (const own of [{method: 'POST' as const}, {url: `https://maps.example/wfs?filter=${'x'.repeat(2000)}`}]) {
      const posted: (readonly unknown[])[] = [];
      const answer = service({}, (url, {method, headers, body}) => {
        posted.push([url, method, headers?.['content-type'], new URLSearchParams(body).get('REQUEST')]);
        return Response.json(pointCollection);
      });
      shown = await showLayer({...config, ...own}, answer, {view});
      expect(posted).to.eql([['https://maps.example/wfs', 'POST', 'application/x-www-form-urlencoded', 'GetFeature']]);
      expect(shown.points()).to.eql([[5, 52]]);
      shown.remove();
    }
    shown = undefined;
  });

  it('tells what the service says went wrong, whatever the status', async () => {
    const report =
      '<ows:ExceptionReport xmlns:ows="x"><ows:Exception><ows:ExceptionText>Out of memory</ows:ExceptionText></ows:Exception></ows:ExceptionReport>';
    for (const formats of [['application/json'], ['gml32']]) {
      shown = await showLayer(
        config,
        service({formats}, () => xml(report)),
        {view},
      );
      expect(shown.told()).to.eql(['ogc: The service answered: Out of memory']);
      shown.remove();
    }
    shown = undefined;
  });

  for (const [what, capabilities, code, words] of [
    [
      'a type that is not there',
      wfsCapabilities().replaceAll('city:trees', 'city:roads'),
      'invalid-layer',
      'The service has no "typeName" "city:trees". Allowed: "city:roads".',
    ],
    [
      'a version that nobody knows',
      wfsCapabilities({version: '3.0'}),
      'request-failed',
      'The service speaks version "3.0" of WFS. Known are 1.0.0, 1.1.0 and 2.0.0.',
    ],
    [
      'another service',
      '<WMS_Capabilities version="1.3.0"/>',
      'request-failed',
      'This is no Web Feature Service: it answers with a <WMS_Capabilities>',
    ],
    [
      'a document that is cut short',
      wfsCapabilities().slice(0, 300),
      'request-failed',
      'The answer is not valid XML, or it is cut short',
    ],
  ] as const)
    it(`says what is wrong with ${what}`, async () => {
      const {request} = new ScriptedServer(() => xml(capabilities));
      const error = await rejection(createLayer(config, recordedContext(request)));
      expect(error).to.include({code, message: words});
    });
});
