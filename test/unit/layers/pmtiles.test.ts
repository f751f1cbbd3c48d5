import {expect} from '@open-wc/testing';
import type {LayerContext, LayerHandle} from '../../../src/layers/layer-kind.js';
import {pmtiles} from '../../../src/layers/pmtiles.js';
import {RequestError} from '../../../src/request/request-error.js';
import {countBitmaps} from '../../doubles/counted-bitmaps.js';
import {pageMap, type PageMap} from '../../doubles/page-map.js';
import {archive, directory, gzip, imageArchive, vectorArchive} from '../../doubles/pmtiles.js';
import {fileAnswer} from '../../doubles/range-server.js';
import {recordedContext, type RecordedContext} from '../../doubles/recorded-context.js';
import {rejection} from '../../doubles/rejection.js';
import {ScriptedServer} from '../../doubles/scripted-server.js';
import {everywhere, vectorTile} from '../../doubles/vector-tiles.js';

const red = [255, 0, 0, 255];
const blue = [0, 0, 255, 255];
const clear = [0, 0, 0, 0];
const style = {'fill-color': 'red'};
const tile = vectorTile({features: [{ring: everywhere}]});
type File = Uint8Array<ArrayBuffer>;

describe('pmtiles', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle | undefined;
  let page: PageMap | undefined;
  const create = async (
    file: File,
    config: object = {},
    overrides: Partial<LayerContext> = {},
  ): Promise<LayerHandle> => {
    server.answer = fileAnswer(file);
    context = recordedContext(server.request, overrides);
    handle = await pmtiles.create({type: 'pmtiles', url: '/a.pmtiles', style, ...config}, context);
    return handle;
  };
  const show = async (file: File, view = {}, config: object = {}): Promise<PageMap> => {
    page = pageMap([(await create(file, config)).layer], view);
    await page.rendered();
    return page;
  };
  const parts = (): string[] => server.asked.map(({url}) => url.replace('https://maps.example/a.pmtiles#bytes=', ''));

  beforeEach(() => {
    server = new ScriptedServer(() => new Error('unset'));
    handle = page = undefined;
  });
  afterEach(() => {
    handle?.dispose();
    page?.remove();
  });

  it('asks for the parts of the file that the view needs, and for no other', async () => {
    const {pixel} = await show(await vectorArchive(), {zoom: 2});
    const size = tile.length;
    const at = (index: number): string => {
      const start = 16_386 + index * size;
      return `${start}-${start + size - 1}`;
    };
    expect(parts().slice(0, 2)).to.eql(['0-16383', '16384-16385']);
    expect(parts().slice(2).sort()).to.eql([1, 2, 3, 4].map(at).sort());
    expect(pixel(100, 100)).to.eql(red);
    expect(context.heard).to.eql({starts: 2, ends: 2, errors: []});
    expect(handle?.isPersonal).to.equal(true);
  });

  it('shows pictures, and frees them', async () => {
    const bitmaps = countBitmaps();
    const {pixel} = await show(await imageArchive(), {zoom: 1});
    expect(pixel(100, 100)).to.eql(red);
    expect(bitmaps.open).to.equal(4);
    handle?.dispose();
    expect(bitmaps.open).to.equal(0);
    bitmaps.restore();
  });

  it('shows nothing where a picture is missing, without an error', async () => {
    const whole = await imageArchive({zooms: [1, 1]});
    const {pixel} = await show(
      await imageArchive({root: directory([{tileId: 1, runLength: 1, length: 1, offset: 0}]), zooms: [1, 1]}),
      {zoom: 1},
    );
    expect(whole.length).to.be.above(0);
    expect(pixel(400, 400)).to.eql(clear);
    // The one that is there is no picture.
    expect(context.heard.errors.map(({kind}) => kind)).to.eql(['format']);
  });

  it('unpacks what is compressed, and goes through directories', async () => {
    const packed = await gzip(tile);
    const file = await archive({
      tiles: [{at: [0, 0, 0], bytes: packed}],
      tileCompression: 2,
      internalCompression: 2,
      hasLeaf: true,
      metadata: {attribution: '<b>City</b>'},
    });
    const {pixel} = await show(file);
    expect(pixel(100, 100)).to.eql(red);
    expect(handle?.attribution).to.equal('<b>City</b>');
    expect(server.asked).to.have.length(4);
  });

  it('asks for a directory once, however many tiles need it', async () => {
    await show(await vectorArchive({hasLeaf: true}), {zoom: 2});
    // Header, metadata, directory, four tiles.
    expect(parts()).to.have.length(7);
    page?.map.getView().setZoom(1);
    await page?.rendered();
    expect(parts()).to.have.length(8);
  });

  it('does not ask for what the archive says of itself where the config says it', async () => {
    await create(await vectorArchive({metadata: {attribution: 'b'}}), {attribution: 'a'});
    expect(parts()).to.eql(['0-16383']);
  });

  it('asks for nothing outside of its bounds', async () => {
    await show(await vectorArchive({bounds: [1, 1, 2, 2]}), {zoom: 2, center: [0, 0]});
    expect(parts()).to.have.length(3);
  });

  it('draws beyond its last level from the last one', async () => {
    const {pixel} = await show(await vectorArchive(), {zoom: 6, center: [5_000_000, 5_000_000]});
    expect(parts()).to.have.length(3);
    expect(pixel(256, 256)).to.eql(red);
  });

  it('reads anew when another file has been put in its place', async () => {
    const before = await vectorArchive({zooms: [0, 1]});
    await show(before, {zoom: 1});
    const after = await vectorArchive({metadata: {name: 'longer than before'}});
    server.answer = fileAnswer(after, '"2"');
    server.forget();
    page?.map.getView().setZoom(2);
    await page?.rendered();
    expect(context.heard.errors).to.eql([]);
    expect(parts().filter((part) => part === '0-16383')).to.have.length(1);
    expect(page?.pixel(100, 100)).to.eql(red);
  });

  it('says so when the file changes all the while', async () => {
    await show(await vectorArchive(), {zoom: 1});
    const file = await vectorArchive();
    let version = 2;
    server.answer = (url, options) => fileAnswer(file, `"${(version += 1)}"`)(url, options);
    page?.map.getView().setZoom(2);
    await page?.rendered();
    expect(new Set(context.heard.errors.map(({message}) => message))).to.eql(
      new Set(['The archive changes all the while']),
    );
  });

  it('asks again for a directory that failed, on retry()', async () => {
    await create(await vectorArchive({hasLeaf: true}));
    const well = server.answer;
    server.answer = (url) => new RequestError('no', {kind: 'network', status: 500, url});
    page = pageMap([(handle as LayerHandle).layer]);
    await page.rendered();
    expect(context.heard.errors).to.have.length(1);
    server.answer = well;
    handle?.retry();
    await page.rendered();
    expect(page.pixel(100, 100)).to.eql(red);
  });

  it('aborts parts that are not wanted any more, directories included', async () => {
    await create(await vectorArchive({hasLeaf: true}));
    server.forget();
    server.hold();
    page = pageMap([(handle as LayerHandle).layer], {zoom: 2});
    await server.got(1);
    handle?.layer.setVisible(false);
    await page.framed();
    expect(server.asked.map(({state}) => state)).to.eql(['aborted']);
    handle?.layer.setVisible(true);
    await server.got(2);
    server.release();
    await page.rendered();
    expect(page.pixel(100, 100)).to.eql(red);
    expect(context.heard.errors).to.eql([]);
  });

  it('aborts the reading of its header', async () => {
    const stop = new AbortController();
    server.hold();
    const made = rejection(create(await vectorArchive(), {}, {signal: stop.signal}));
    await server.got(1);
    stop.abort();
    expect(await made).to.have.property('name', 'AbortError');
    expect(server.count('aborted')).to.equal(1);
  });

  it('leaves the map exportable', async () => {
    await show(await imageArchive(), {zoom: 1});
    for (const canvas of document.querySelectorAll('canvas'))
      if (canvas.width) expect(canvas.toDataURL()).to.match(/^data:/);
  });

  const changed = async (change: (file: File) => void, options = {}): Promise<File> => {
    const file = await vectorArchive(options);
    change(file);
    return file;
  };
  const text = (value: string): File => new TextEncoder().encode(value);
  const huge = (file: File): void => new DataView(file.buffer).setBigUint64(16, 5_000_000n, true);
  for (const [what, file, words] of [
    [
      'a web page',
      async () => text('<!doctype html><title>Sign in</title>'),
      'a web page (HTML) where a PMTiles archive',
    ],
    [
      'an exception',
      async () => text('<ExceptionReport><Exception>No</Exception></ExceptionReport>'),
      'The service answered: No',
    ],
    ['another file', async () => text('something else'), 'not a PMTiles archive'],
    ['an empty file', async () => text(''), 'cut short'],
    ['a file without its end', async () => (await vectorArchive()).slice(0, 100), 'cut short'],
    ['a root without its end', async () => (await vectorArchive()).slice(0, 130), 'cut short'],
    ['version 2', () => changed((bytes) => bytes.fill(2, 7, 8)), 'of PMTiles version 2; version 3 can be read'],
    ['Brotli', () => changed((bytes) => bytes.fill(3, 98, 99)), 'compressed by Brotli; gzip or none'],
    ['directories of Zstandard', () => changed((bytes) => bytes.fill(4, 97, 98)), 'compressed by Zstandard'],
    ['tiles of MapLibre', () => changed((bytes) => bytes.fill(6, 99, 100)), 'tiles of a kind that cannot be shown'],
    ['levels that there are not', () => changed((bytes) => bytes.fill(40, 101, 102)), 'levels that there are not'],
    ['a directory of 5 MB', () => changed(huge), 'a directory that is too large'],
    [
      'a directory without its end',
      () => vectorArchive({root: [0xff, 0xff, 0x7f, 1]}),
      'it says to have 2097151 entries',
    ],
    ['an empty directory', () => vectorArchive({root: [0]}), 'it says to have 0 entries'],
    ['a number without an end', () => vectorArchive({root: [1, 0xff, 0xff, 0xff, 0xff]}), 'cannot be read'],
    ['gzip that is none', () => changed((bytes) => bytes.fill(2, 97, 98)), 'cannot be unpacked'],
  ] as const) {
    it(`says what is wrong with ${what}`, async () => {
      const error = await rejection(create(await file()));
      expect(error).to.be.instanceOf(RequestError);
      expect(String(error)).to.include(words);
    });
  }

  it('says so when directories lead to directories for ever', async () => {
    const loop = directory([{tileId: 0, runLength: 0, length: 5, offset: 0}]);
    const file = await vectorArchive({hasLeaf: true, root: loop});
    const leaf = new DataView(file.buffer).getBigUint64(40, true);
    file.set(loop, Number(leaf));
    await show(file);
    expect(context.heard.errors.map(({message}) => message)).to.eql(['The archive has directories more than 3 deep']);
  });

  it('does not ask for a tile that is said to be larger than any', async () => {
    const root = directory([{tileId: 0, runLength: 1, length: 100_000_000, offset: 0}]);
    await show(await vectorArchive({root}));
    expect(context.heard.errors.map(({message}) => message)).to.eql(['The archive has a tile that is too large']);
    expect(parts().filter((part) => part.length > 20)).to.eql([]);
    expect(server.asked.length).to.be.at.most(2);
  });

  it('says so when the end of the file is missing', async () => {
    const file = await vectorArchive();
    await show(file.slice(0, file.length - 10), {zoom: 2});
    expect(context.heard.errors.map(({message}) => message)).to.eql(['The archive is cut short']);
    handle?.dispose();
    page?.remove();
    await show(file.slice(0, 16_386), {zoom: 1});
    expect(context.heard.errors[0]).to.have.property('reason', 'cut-short');
  });

  it('refuses a tile that unpacks to far more than it is', async () => {
    const bomb = await gzip(new Uint8Array(40_000_000));
    await show(await archive({tiles: [{at: [0, 0, 0], bytes: bomb}], tileCompression: 2}));
    expect(context.heard.errors[0]).to.have.property('reason', 'too-large');
  });

  it('says so when the server knows no ranges, and stops the answer', async () => {
    const file = await vectorArchive();
    server.answer = () => new Response(file);
    context = recordedContext(server.request);
    const error = await rejection(Promise.resolve(pmtiles.create({type: 'pmtiles', url: '/a'}, context)));
    expect(error).to.include({kind: 'format', reason: 'no-ranges'});
  });

  it('takes the whole of a small file from such a server', async () => {
    const file = (await vectorArchive()).slice(0, 300);
    server.answer = () => new Response(file);
    context = recordedContext(server.request);
    handle = await pmtiles.create({type: 'pmtiles', url: '/a', attribution: 'a', style}, context);
    page = pageMap([handle.layer]);
    await page.rendered();
    expect(context.heard.errors.map(({reason}) => reason)).to.eql(['no-ranges']);
  });

  it('takes the layers of the tiles that the config names', async () => {
    const both = vectorTile({name: 'a', features: [{ring: everywhere}]}, {name: 'b', features: [{ring: everywhere}]});
    const {pixel} = await show(
      await archive({tiles: [{at: [0, 0, 0], bytes: both}]}),
      {},
      {
        layers: ['b'],
        style: {'fill-color': ['match', ['get', 'layer'], 'b', 'blue', 'red']},
      },
    );
    expect(pixel(100, 100)).to.eql(blue);
  });
});
