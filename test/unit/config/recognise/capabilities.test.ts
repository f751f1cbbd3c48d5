import {expect} from '@open-wc/testing';
import {rejection} from '../../../doubles/rejection.js';
import {accepts, documentUrl, read} from './setup.js';

const head = (version: string, getMap = 'https://service.example/map?key=1&amp;'): string =>
  version === '1.3.0'
    ? `<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink"><Service><Name>WMS</Name><Title>Sewers &lt;b&gt;of&lt;/b&gt; Example</Title></Service><Capability><Request><GetMap><Format>image/png</Format><DCPType><HTTP><Get><OnlineResource xlink:href="${getMap}"/></Get></HTTP></DCPType></GetMap></Request>`
    : `<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/capabilities_1_1_1.dtd"><WMT_MS_Capabilities version="${version}"><Service><Title>Sewers of Example</Title></Service><Capability><Request><GetMap><Format>image/jpeg</Format><DCPType><HTTP><Get><OnlineResource xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="${getMap}"/></Get></HTTP></DCPType></GetMap></Request>`;
const end = (version: string): string =>
  `</Capability></${version === '1.3.0' ? 'WMS_Capabilities' : 'WMT_MS_Capabilities'}>`;
const wmsOf = (layers: string, version = '1.3.0', getMap?: string): string =>
  `<?xml version="1.0"?>${head(version, getMap)}${layers}${end(version)}`;
const leaf = (name: string, inside = ''): string =>
  `<Layer queryable="1"><Name>${name}</Name><Title>${name.toUpperCase()}</Title>${inside}</Layer>`;

const nested = `<Layer><Title>All</Title><CRS>EPSG:28992</CRS><CRS>CRS:84</CRS>
  <EX_GeographicBoundingBox><westBoundLongitude>3.2</westBoundLongitude><eastBoundLongitude>7.3</eastBoundLongitude><southBoundLatitude>50.7</southBoundLatitude><northBoundLatitude>53.6</northBoundLatitude></EX_GeographicBoundingBox>
  <Attribution><Title>City of &lt;i&gt;Example&lt;/i&gt;</Title><OnlineResource xlink:href="https://example.org/?a=1&amp;b=2"/></Attribution>
  <Layer><Title>Below &lt;script&gt;alert(1)&lt;/script&gt;ground</Title>${leaf('pipes', '<Style><Name>x</Name><LegendURL><OnlineResource xlink:href="https://service.example/l.png"/></LegendURL></Style>')}${leaf('pits')}</Layer>
  <Layer><Name>roads</Name><Title>Roads</Title></Layer>${leaf('pits')}<Layer><Title>nothing in it</Title></Layer></Layer>`;

describe('WMS capabilities as config', () => {
  it('become groups of layers, with what the service says of them', async () => {
    const {config, layers, said} = await read(wmsOf(nested));
    expect(said).to.equal('');
    expect(config.title).to.equal('Sewers of Example');
    expect(config.view).to.eql({projection: 'EPSG:28992', extent: [3.2, 50.7, 7.3, 53.6]});
    expect(layers.map(({type, title}) => `${String(type)} ${String(title)}`)).to.eql([
      'group Below alert(1) ground',
      'wms PIPES',
      'wms PITS',
      'wms Roads',
      'wms PITS',
    ]);
    expect(config.layers.map(({parent}) => parent)).to.eql([undefined, 0, 0, undefined, undefined]);
    expect(layers[1]).to.eql({
      type: 'wms',
      id: 'pipes',
      title: 'PIPES',
      layers: 'pipes',
      visible: true,
      url: 'https://service.example/map?key=1&',
      version: '1.3.0',
      attribution: '<a href="https://example.org/?a=1&amp;b=2">City of Example</a>',
      legend: true,
      identify: true,
    });
    expect(layers[3]?.['identify']).to.equal(undefined);
    expect(layers.map(({id}) => id)).to.eql([undefined, 'pipes', 'pits', 'roads', 'pits-2']);
    expect(layers.map(({visible}) => visible)).to.eql([undefined, true, true, true, false]);
    expect(config.layers.every(({isAdvertised}) => isAdvertised)).to.equal(true);
  });

  it('of 1.1.1 are read the same way, with the formats that the service has', async () => {
    const layer = `<Layer><Name>a</Name><Title>A</Title><SRS>EPSG:4326 EPSG:900913</SRS><LatLonBoundingBox minx="-180" miny="-90" maxx="180" maxy="90"/></Layer>`;
    const {config, layers, said} = await read(wmsOf(layer, '1.1.1'));
    expect(said).to.equal('');
    expect(config.view).to.eql({extent: [-180, -90, 180, 90]});
    expect(layers[0]).to.include({version: '1.1.1', format: 'image/jpeg', layers: 'a'});
  });

  it('with hundreds of layers have the first three on, and more than the map takes are told', async () => {
    const {config, layers, said} = await read(wmsOf(Array.from({length: 600}, (_, i) => leaf(`l${i}`)).join('')));
    expect(layers.filter(({visible}) => visible).map(({id}) => id)).to.eql(['l0', 'l1', 'l2']);
    expect(config.layers).to.have.length(500);
    expect(said).to.contain('has more than the 500 layers allowed');
  });

  it('without an address for maps are asked where they came from', async () => {
    const {layers} = await read(wmsOf(leaf('a')).replace(/<OnlineResource[^>]*>/, ''));
    expect(layers[0]?.['url']).to.equal(documentUrl);
  });

  for (const [what, bounds] of [
    ['NaN', ['NaN', '0', '1', '1']],
    ['empty ones', ['', '', '', '']],
    ['inside out', ['5', '52', '4', '51']],
    ['beyond the world', ['-20037508', '-1e7', '2e7', '1e7']],
  ] as const)
    it(`whose bounds are ${what} leave the view to the map`, async () => {
      const [minx, miny, maxx, maxy] = bounds;
      const layer = `<Layer><Name>a</Name><LatLonBoundingBox minx="${minx}" miny="${miny}" maxx="${maxx}" maxy="${maxy}"/></Layer>`;
      const {config, said} = await read(wmsOf(layer, '1.1.1'));
      expect(said).to.equal('');
      expect(config.view).to.eql({});
    });

  const wrong: readonly (readonly [what: string, document: string, words: string])[] = [
    [
      'version 1.0.0',
      wmsOf(leaf('a'), '1.0.0'),
      'the capabilities of a WMS of version "1.0.0", which is not supported',
    ],
    ['no layer', wmsOf(''), 'the capabilities of a WMS without any layer that has a name'],
    ['no layer with a name', wmsOf('<Layer><Title>x</Title></Layer>'), 'without any layer that has a name'],
    ['another kind', '<WFS_Capabilities version="2.0.0"/>', 'its root element is "WFS_Capabilities"'],
    ['a feed', '<rss><channel/></rss>', 'its root element is "rss"'],
  ];
  for (const [what, document, words] of wrong)
    it(`of ${what} are named, with what is allowed`, async () => {
      const {config, said} = await read(document);
      expect(config.layers).to.be.empty;
      expect(config.problems.map(({code}) => code)).to.eql(['invalid-config']);
      expect(said).to.contain(words);
      expect(said).to.contain(accepts);
    });
});

const wmtsOf = (contents: string, version = '1.0.0', namespace = 'http://www.opengis.net/wmts/1.0'): string =>
  `<Capabilities xmlns="${namespace}" xmlns:ows="http://www.opengis.net/ows/1.1" version="${version}"><ows:ServiceIdentification><ows:Title>Base maps</ows:Title></ows:ServiceIdentification><Contents>${contents}</Contents></Capabilities>`;
const tiles = (name: string): string =>
  `<Layer><ows:Title>${name} map</ows:Title><ows:WGS84BoundingBox><ows:LowerCorner>3 50</ows:LowerCorner><ows:UpperCorner>7 54</ows:UpperCorner></ows:WGS84BoundingBox><ows:Identifier>${name}</ows:Identifier><TileMatrixSetLink><TileMatrixSet>RD</TileMatrixSet></TileMatrixSetLink></Layer>`;
const set = (crs: string): string =>
  `<TileMatrixSet><ows:Identifier>RD</ows:Identifier><ows:SupportedCRS>${crs}</ows:SupportedCRS></TileMatrixSet>`;

describe('WMTS capabilities as config', () => {
  it('become a layer each, of which the first is on', async () => {
    const {config, layers, said} = await read(
      wmtsOf(`${tiles('grey')}${tiles('colour')}${set('urn:ogc:def:crs:EPSG::28992')}`),
    );
    expect(said).to.equal('');
    expect(config.title).to.equal('Base maps');
    expect(config.view).to.eql({projection: 'EPSG:28992', extent: [3, 50, 7, 54]});
    expect(layers).to.eql([
      {type: 'wmts', id: 'grey', title: 'grey map', url: documentUrl, layer: 'grey', visible: true},
      {type: 'wmts', id: 'colour', title: 'colour map', url: documentUrl, layer: 'colour', visible: false},
    ]);
  });

  it('leave the projection to the map where they have tiles in its own', async () => {
    const sets = `${set('urn:ogc:def:crs:EPSG::28992')}${set('urn:ogc:def:crs:EPSG:6.18:3:3857')}${set('EPSG:900913')}`;
    const {config} = await read(wmtsOf(`${tiles('a')}${sets}`));
    expect(config.view).to.eql({extent: [3, 50, 7, 54]});
  });

  for (const [what, document, words] of [
    [
      'version 2.0',
      wmtsOf(tiles('a'), '2.0.0', 'http://www.opengis.net/wmts/2.0'),
      'WMTS of version "2.0.0", which is not supported',
    ],
    ['no layer', wmtsOf(''), 'the capabilities of a WMTS without any layer'],
    [
      'another service',
      '<Capabilities xmlns="http://www.opengis.net/wcs/1.1" version="1.1.1"/>',
      'its root element is "Capabilities"',
    ],
  ] as const)
    it(`of ${what} are named, with what is allowed`, async () => {
      const {config, said} = await read(document);
      expect(config.layers).to.be.empty;
      expect(said).to.contain(words);
      expect(said).to.contain(accepts);
    });
});

describe('a config that is no such document', () => {
  const page = '<!doctype html><html><head><title>Sign in</title></head><body></body></html>';
  for (const [what, body, words] of [
    ['a sign-in page', page, 'The answer is a web page (HTML), such as the sign-in page of a portal.'],
    ['a sign-in page after white space', `\uFEFF\n<!-- x -->${page}`, 'such as the sign-in page of a portal.'],
    ['cut off in its XML', wmsOf(leaf('a')).slice(0, -40), 'The answer is not valid XML, or it is cut short.'],
    ['cut off in its JSON', '{"version": 8, "sources": {', 'The answer is not valid JSON.'],
    ['30 MB of XML', `<a>${' '.repeat(30_000_000)}</a>`, 'The answer is larger than 20 MB.'],
    ['30 MB of JSON', `{${' '.repeat(30_000_000)}}`, 'The answer is larger than 20 MB.'],
    ['empty', '', 'The answer is empty.'],
  ] as const)
    it(`is ${what}: that is said, with what is allowed`, async () => {
      const error = await rejection(read(body));
      expect(error).to.include({code: 'config-unavailable', reason: 'format'});
      const {message} = error as Error;
      expect(message).to.contain('config: https://service.example/ows');
      expect(message).to.contain(words);
      expect(message).to.contain(accepts);
    });

  it('is what a service says of its own trouble', async () => {
    const report = '<ServiceExceptionReport><ServiceException>No such map</ServiceException></ServiceExceptionReport>';
    const error = await rejection(read(report));
    expect(error).to.include({code: 'config-unavailable', reason: 'ogc'});
    expect(((error as Error).cause as Error).message).to.equal('The service answered: No such map');
  });

  it('is XML in UTF-16, which is read', async () => {
    const text = `\uFEFF${wmsOf(leaf('a')).replace('version="1.0"', 'version="1.0" encoding="UTF-16"')}`;
    const bytes = new Uint8Array(Uint16Array.from(text, (sign) => sign.charCodeAt(0)).buffer);
    const {layers} = await read(() => new Response(bytes));
    expect(layers).to.have.length(1);
  });
});
