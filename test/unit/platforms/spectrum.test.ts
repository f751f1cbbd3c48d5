import {expect} from '@open-wc/testing';
import {parseConfig} from '../../../src/config/parse-config.js';
import {ask, words} from './asking.js';

const half = 20_037_508.342789244;
const world = {minX: -half, minY: -half, maxX: half, maxY: half};
const description = (fields: object = {}) => ({
  Response: {
    mapName: '/Samples/NamedTiles/WorldTile',
    coordSys: 'epsg:3857',
    minimumLevel: 1,
    maximumLevel: 20,
    tileWidth: 256,
    tileHeight: 256,
    bounds: world,
    outputTypes: ['image/png', 'image/jpeg', 'application/vnd.mapbox-vector-tile'],
    ...fields,
  },
});
const tag = {platform: 'spectrum', map: '/Samples/NamedTiles/WorldTile'};
const base = 'https://maps.example/rest/Spatial/MapTilingService/Samples/NamedTiles/WorldTile';

describe('spectrum', () => {
  it('shows named tiles, whose levels, columns and rows are counted from one', async () => {
    const {document, urls} = await ask(tag, description());
    expect(urls).to.eql([`${base}/description.json`]);
    expect(document).to.eql({
      title: 'WorldTile',
      view: {},
      layers: [
        {
          type: 'xyz',
          id: 'map',
          title: 'WorldTile',
          url: `${base}/{z+1}/{x+1}:{y+1}/tile.png`,
          projection: 'EPSG:3857',
          tileSize: 256,
          tileGrid: {minLevel: 0, maxLevel: 19},
        },
      ],
    });
    expect((await parseConfig(document)).problems).to.eql([]);
  });

  it('reads the older description, with epsg:41001 and a number of levels', async () => {
    const old = {coordSys: 'epsg:41001', minimumLevel: undefined, maximumLevel: undefined, numberOfLevels: '12'};
    const {document} = await ask(tag, description(old));
    expect(document.layers[0]).to.include({projection: 'EPSG:3857'});
    expect(document.layers[0]?.['tileGrid']).to.eql({minLevel: 0, maxLevel: 11});
  });

  it('takes square bounds for what the first tile covers, in their own projection', async () => {
    const {document} = await ask(
      tag,
      description({
        coordSys: 'epsg:28992',
        minimumLevel: 3,
        bounds: {minX: 0, minY: 300_000, maxX: 320_000, maxY: 620_000},
      }),
    );
    expect(document.view).to.eql({
      projection: 'EPSG:28992',
      extent: [0, 300_000, 320_000, 620_000],
      crs: 'EPSG:28992',
    });
    expect(document.layers[0]?.['tileGrid']).to.eql({
      minLevel: 2,
      maxLevel: 19,
      extent: [0, 300_000, 320_000, 620_000],
    });
  });

  it('takes other bounds for a part of the world', async () => {
    const {document} = await ask(tag, description({bounds: {minX: 0, minY: 0, maxX: 2_000_000, maxY: 1_000_000}}));
    expect(document.view).to.eql({extent: [0, 0, 2_000_000, 1_000_000], crs: 'EPSG:3857'});
    expect(document.layers[0]?.['tileGrid']).to.eql({minLevel: 0, maxLevel: 19, bounds: [0, 0, 2_000_000, 1_000_000]});
  });

  it('asks for the format that is wanted, or the first that the map has', async () => {
    const urlWith = async (format: string | undefined, types: unknown): Promise<unknown> => {
      const platformOptions = format === undefined ? {} : {format};
      const {document} = await ask({...tag, platformOptions}, description({outputTypes: types}));
      return String(document.layers[0]?.['url']).slice(-9);
    };
    expect(await urlWith('jpg', ['image/png', 'image/jpeg'])).to.contain('/tile.jpg');
    expect(await urlWith(undefined, ['image/gif'])).to.contain('/tile.gif');
    expect(await urlWith('gif', undefined)).to.contain('/tile.gif');
    expect(await words({...tag, platformOptions: {format: 'gif'}}, description())).to.equal(
      'platform-options.format: the map has no tiles as gif. Allowed: png, jpg, jpeg, mvt.',
    );
    expect(await words(tag, description({outputTypes: ['image/svg+xml']}))).to.contain('svg+xml only');
  });

  it('shows vector tiles', async () => {
    const {document} = await ask({...tag, platformOptions: {format: 'mvt'}}, description());
    expect(document.layers[0]).to.include({type: 'mvt', url: `${base}/{z+1}/{x+1}:{y+1}/tile.mvt`});
    expect((await parseConfig(document)).problems).to.eql([]);
    const elsewhere = description({coordSys: 'epsg:28992'});
    expect(await words({...tag, platformOptions: {format: 'mvt'}}, elsewhere)).to.contain('EPSG:3857 only');
  });

  it('shows a named map as pictures, with nothing to be read first', async () => {
    const {document, urls} = await ask({
      ...tag,
      map: '/Maps/World',
      platformOptions: {service: 'mapping', format: 'jpg'},
    });
    expect(urls).to.eql([]);
    expect(document.layers[0]).to.include({
      type: 'xyz',
      url: 'https://maps.example/rest/Spatial/MappingService/maps/Maps/World/image.jpg;w=512;h=512;b={bbox},epsg:3857',
      tileSize: 512,
    });
    expect(await words({...tag, platformOptions: {service: 'mapping', format: 'mvt'}})).to.contain('no mvt');
  });

  it('is behind a proxy as well', async () => {
    const {document} = await ask(tag, description(), '/map-proxy/');
    expect(document.layers[0]?.['url']).to.contain('https://site.example/map-proxy/rest/Spatial/MapTilingService/');
  });

  for (const [what, fields, why] of [
    ['without a coordinate system', {coordSys: null}, 'has no "coordSys"'],
    ['in one that nobody knows', {coordSys: 'mapinfo:coordsys 3,109'}, 'is not known'],
    ['with levels in the wrong order', {minimumLevel: 9, maximumLevel: 3}, 'has levels from 9 to 3'],
    ['with tiles that are no squares', {tileHeight: 128}, 'have 256 by 128 pixels'],
  ] as const) {
    it(`says that a description ${what} cannot be shown`, async () => {
      expect((await words(tag, description(fields))).toLowerCase()).to.contain(why.toLowerCase());
    });
  }

  it('tells an error that comes as a good answer in the words of the service', async () => {
    expect(await words(tag, {Errors: [{ErrorCode: 1, Message: 'No such named tile'}]})).to.equal(
      `platform: ${base}/description.json cannot be used. The service answered: No such named tile`,
    );
    expect(await words(tag, {Answer: {}})).to.contain('has no "Response"');
    expect(await words(tag, new Response('<html>'))).to.contain('is a web page');
  });
});
