import {expect, waitUntil} from '@open-wc/testing';
import {transform} from 'ol/proj.js';
import {projectionOf} from '../../../src/layers/projections/projection-of.js';
import {wms} from '../../../src/layers/wms.js';
import {xyz} from '../../../src/layers/xyz.js';
import {SecureMap} from '../../../src/secure-map.js';
import {pageMap} from '../../doubles/page-map.js';
import {recordedContext} from '../../doubles/recorded-context.js';
import {ScriptedServer} from '../../doubles/scripted-server.js';

if (!customElements.get('secure-map')) customElements.define('secure-map', SecureMap);

// RDNAPTRANS2018: the tower in Amersfoort. 7 parameters instead of the grid: 0.25 m.
const tower = [5.387203657, 52.155172897] as const;
const towerInRd = [155_000, 463_000] as const;

const put = async (fields: Partial<SecureMap>): Promise<SecureMap> => {
  const map = document.createElement('secure-map');
  map.style.cssText = 'display: block; width: 512px; height: 512px';
  document.body.append(Object.assign(map, {controls: 'none', ...fields}));
  await map.ready;
  return map;
};
const center = ({map}: SecureMap): number[] => map.getView().getCenter() ?? [];
const code = ({map}: SecureMap): string => map.getView().getProjection().getCode();
const expectTower = (map: SecureMap): void => {
  expect(code(map)).to.equal('EPSG:28992');
  expect(center(map)[0]).to.be.closeTo(towerInRd[0], 0.25);
  expect(center(map)[1]).to.be.closeTo(towerInRd[1], 0.25);
};
const errorsOf = (map: SecureMap): string[] =>
  [...(map.shadowRoot?.querySelectorAll('[part~="status"]') ?? [])].map((part) => part.textContent ?? '');

describe('a map in a projection that ol does not have', () => {
  afterEach(() => {
    for (const map of document.querySelectorAll('secure-map')) map.remove();
    sessionStorage.clear();
  });

  for (const projection of ['EPSG:28992', 'urn:ogc:def:crs:EPSG::28992', 'http://www.opengis.net/def/crs/EPSG/0/28992'])
    it(`is shown by projection="${projection}"`, async () => {
      expectTower(await put({projection, center: `${tower[0]},${tower[1]}`, zoom: 6}));
    });

  it('is shown by its config, in degrees', async () => {
    const map = await put({config: {view: {projection: 'EPSG:28992', center: tower, zoom: 6}, layers: []}});
    expectTower(map);
    expect(map.map.getView().getZoom()).to.be.closeTo(6, 1e-9);
  });

  it('is shown by its config in the coordinates of another, named as OGC does', async () => {
    const view = {projection: 'EPSG:28992', crs: 'urn:ogc:def:crs:EPSG::28992', center: towerInRd};
    expectTower(await put({config: {view, layers: []}}));
    const crs = await put({config: {view: {...view, projection: 'EPSG:3857', zoom: 8}, layers: []}});
    const [x = NaN, y = NaN] = transform([...tower], 'EPSG:4326', 'EPSG:3857');
    expect(center(crs)[0]).to.be.closeTo(x, 0.5);
    expect(center(crs)[1]).to.be.closeTo(y, 0.5);
  });

  it('stays inside an extent that is given in degrees, or in metres', async () => {
    for (const view of [
      {projection: 'EPSG:28992', extent: [5, 52, 6, 52.5]},
      {projection: 'EPSG:28992', crs: 'EPSG:28992', extent: [128_410, 445_806, 197_007, 501_420]},
    ]) {
      const map = await put({config: {view, layers: []}});
      const [x = NaN, y = NaN] = center(map);
      expect(x).to.be.within(120_000, 200_000);
      expect(y).to.be.within(445_000, 502_000);
    }
  });

  it('is not sent out of its place by an extent of the whole world', async () => {
    for (const projection of ['EPSG:28992', 'EPSG:3857', 'EPSG:25832']) {
      const map = await put({config: {view: {projection, extent: [-180, -90, 180, 90]}, layers: []}});
      expect(
        center(map).every((each) => Math.abs(each) < 10_000_000),
        projection,
      ).to.equal(true);
      expect(map.map.getView().getResolution()).to.be.within(1, 200_000);
    }
  });

  it('begins in the middle of its own area when nothing is said', async () => {
    const map = await put({projection: 'EPSG:27700'});
    expect(center(map)).to.eql([350_000, 650_000]);
  });

  it('speaks degrees to the page', async () => {
    const heard: (readonly number[])[] = [];
    const map = await put({projection: 'EPSG:28992', center: [...tower], zoom: 6});
    map.addEventListener('view-change', ({center: told}) => heard.push(told));
    // ol tells of the second frame and those after it, when the view is another than in the one before.
    map.map.renderSync();
    map.map.getView().setCenter([117_380.12, 575_040.34]);
    map.map.renderSync();
    expect(heard).to.have.length(1);
    expect(heard[0]?.[0]).to.be.closeTo(4.824761912, 1e-5);
    expect(heard[0]?.[1]).to.be.closeTo(53.160753042, 1e-5);
  });

  it('has the visitor back where they were, in degrees', async () => {
    const saved = {center: tower, zoom: 9, rotation: 0, layers: [], at: Date.now()};
    sessionStorage.setItem(`secure-map.view.${location.pathname}.rd`, JSON.stringify(saved));
    const map = await put({id: 'rd', projection: 'EPSG:28992', center: '4.8,53.1', zoom: 3});
    expectTower(map);
    expect(map.map.getView().getZoom()).to.be.closeTo(9, 1e-9);
  });

  it('uses what the config defines, tells what is wrong with it, and shows the rest', async () => {
    const told: string[] = [];
    const host = document.createElement('div');
    host.addEventListener('secure-map-error', (event) => told.push(Reflect.get(event, 'error').message));
    document.body.append(host);
    const map = document.createElement('secure-map');
    Object.assign(map, {
      controls: 'none',
      config: {
        projections: {'MY:ZONE': '+proj=utm +zone=31 +ellps=GRS80 +units=m', 'MY:BAD': '+proj=nope', 'MY:SEVEN': 7},
        view: {projection: 'MY:ZONE', center: [3, 0], zoom: 5},
        layers: [{type: 'osm', id: 'streets', visible: false}],
      },
    });
    host.append(map);
    await map.ready;
    expect(code(map)).to.equal('MY:ZONE');
    expect(center(map)[0]).to.be.closeTo(500_000, 0.01);
    expect(map.getLayer('streets')).not.to.equal(undefined);
    expect(told.sort()).to.eql([
      'projections.MY:BAD: must be a definition that proj4 reads, like "+proj=utm +zone=32 …"',
      'projections.MY:SEVEN: must be a definition that proj4 reads, like "+proj=utm +zone=32 …"',
    ]);
    host.remove();
  });

  it('names a projection that nobody knows, keeps the rest of the view, and heals when it is mended', async () => {
    const map = await put({projection: 'EPSG:1234', center: '5,52', zoom: 7});
    await waitUntil(() => errorsOf(map).join().includes('the projection "EPSG:1234" is not known. Allowed: EPSG:3857'));
    expect(code(map)).to.equal('EPSG:3857');
    expect(map.map.getView().getZoom()).to.equal(7);
    map.projection = 'EPSG:28992';
    await waitUntil(() => code(map) === 'EPSG:28992');
    await waitUntil(() => !errorsOf(map).join().includes('EPSG:1234'));
  });

  it('shows what was asked for last, however long each takes', async () => {
    const map = await put({});
    map.projection = 'EPSG:2169';
    await map.updateComplete;
    map.projection = 'EPSG:3857';
    await map.updateComplete;
    await projectionOf('EPSG:2169');
    await waitUntil(() => code(map) === 'EPSG:3857');
  });

  it('makes the layers anew that were made for another', async () => {
    const map = await put({layers: [{type: 'osm', id: 'streets', credential: 'none', visible: false}]});
    const before = map.getLayer('streets');
    map.projection = 'EPSG:28992';
    await waitUntil(() => code(map) === 'EPSG:28992');
    await waitUntil(() => map.getLayer('streets') !== undefined && map.getLayer('streets') !== before);
    expect(map.map.getLayers().getLength()).to.equal(1);
  });
});

/** A tile of the usual grid that has another colour in each direction from the tower. */
const quarters = async (url: string): Promise<Response> => {
  const [z = 0, x = 0, y = 0] = (/\/(\d+)\/(\d+)\/(\d+)\.png$/.exec(url) ?? []).slice(1).map(Number);
  const [east = 0, north = 0] = transform([...tower], 'EPSG:4326', 'EPSG:3857');
  const world = 2 * 20_037_508.342789244;
  const at = (value: number, tile: number): number => ((value / world + 0.5) * 2 ** z - tile) * 256;
  const [column, row] = [at(east, x), at(-north, y)];
  const canvas = new OffscreenCanvas(256, 256);
  const context = canvas.getContext('2d')!;
  for (const [colour, left, top] of [
    ['#ff0000', -1e6, -1e6],
    ['#00ff00', column, -1e6],
    ['#0000ff', -1e6, row],
    ['#ffff00', column, row],
  ] as const) {
    context.fillStyle = colour;
    context.fillRect(left, top, 2e6, 2e6);
  }
  return new Response(await canvas.convertToBlob({type: 'image/png'}));
};

describe('layers in a view of such a projection', () => {
  it('xyz has its pixels where they belong, to one pixel', async () => {
    await projectionOf('EPSG:28992');
    const server = new ScriptedServer(quarters);
    const context = recordedContext(server.request, {projection: 'EPSG:28992'});
    const handle = await xyz.create({type: 'xyz', url: 'https://tiles.example/{z}/{x}/{y}.png'}, context);
    const page = pageMap([handle.layer], {projection: 'EPSG:28992', center: [...towerInRd], zoom: 8});
    try {
      await page.rendered();
      // 13.44 m per pixel; the pixel at 256 begins at the tower.
      const near = ([r, g, b]: readonly number[]): string => [r, g, b].map((each = 0) => (each > 127 ? 1 : 0)).join('');
      for (const far of [2, 40, 200]) {
        expect(near(page.pixel(255 - far, 255 - far)), `north-west ${far}`).to.equal('100');
        expect(near(page.pixel(256 + far, 255 - far)), `north-east ${far}`).to.equal('010');
        expect(near(page.pixel(255 - far, 256 + far)), `south-west ${far}`).to.equal('001');
        expect(near(page.pixel(256 + far, 256 + far)), `south-east ${far}`).to.equal('110');
      }
      expect(context.heard.errors).to.eql([]);
    } finally {
      handle.dispose();
      page.remove();
    }
  });

  for (const [projection, first, place] of [
    ['EPSG:28992', 'east', [155_000, 463_000]],
    ['EPSG:25832', 'east', [500_000, 5_500_000]],
    ['EPSG:4258', 'north', [10, 50]],
    ['EPSG:31468', 'north', [4_500_000, 5_400_000]],
  ] as const)
    it(`wms 1.3.0 is asked in ${projection} with ${first} first`, async () => {
      await projectionOf(projection);
      const capabilities = `<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms"><Service><Title>x</Title></Service><Capability><Layer><Name>a</Name><Title>A</Title><CRS>${projection}</CRS></Layer></Capability></WMS_Capabilities>`;
      const server = new ScriptedServer((url) => new Response(url.includes('GetMap') ? '' : capabilities));
      const context = recordedContext(server.request, {projection});
      const handle = await wms.create({type: 'wms', url: 'https://wms.example/', layers: 'a', single: true}, context);
      const page = pageMap([handle.layer], {
        projection,
        center: [...place],
        resolution: projection === 'EPSG:4258' ? 0.001 : 10,
      });
      try {
        await page.rendered();
        const query = new URL(server.asked.find(({url}) => url.includes('GetMap'))?.url ?? '').searchParams;
        expect(query.get('CRS')).to.equal(projection);
        const [a = NaN, b = NaN, c = NaN, d = NaN] = (query.get('BBOX') ?? '').split(',').map(Number);
        const middle = [(a + c) / 2, (b + d) / 2];
        const wanted = first === 'east' ? [...place] : [...place].reverse();
        expect(middle[0]).to.be.closeTo(wanted[0]!, 10);
        expect(middle[1]).to.be.closeTo(wanted[1]!, 10);
      } finally {
        handle.dispose();
        page.remove();
      }
    });
});
