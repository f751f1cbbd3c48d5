import {expect} from '@open-wc/testing';
import {geotiff} from '../../../src/layers/geotiff.js';
import type {LayerContext, LayerHandle} from '../../../src/layers/layer-kind.js';
import {RequestError} from '../../../src/request/request-error.js';
import {countBitmaps} from '../../doubles/counted-bitmaps.js';
import {geotiffFile, plain, redGeotiff, type TiffOptions} from '../../doubles/geotiff.js';
import {layerProblems} from '../../doubles/layer-problems.js';
import {pageMap, type PageMap} from '../../doubles/page-map.js';
import {fileAnswer} from '../../doubles/range-server.js';
import {recordedContext, type RecordedContext} from '../../doubles/recorded-context.js';
import {rejection} from '../../doubles/rejection.js';
import {ScriptedServer} from '../../doubles/scripted-server.js';

const red = [255, 0, 0, 255];
const clear = [0, 0, 0, 0];
const white = [255, 255, 255, 255];
const grey = (value: number): number[] => [value, value, value, 255];
type File = Uint8Array<ArrayBuffer>;

/** A file of 2 × 2 pixels, each of 100 pixels of the screen, with its corner in the middle of it. */
const four = (options: Partial<TiffOptions> = {}, values = [0, 100, 200, 255]): File =>
  geotiffFile({images: [{width: 2, height: 2, bands: [values]}], corner: [0, 0], pixel: 100, ...options});
const view = {resolution: 1, center: [100, -100], minResolution: 0.1};

/** As the eye sees it: WebKit rounds by one in drawing. */
const expectNear = (seen: readonly number[][], wanted: readonly (readonly number[])[]): void => {
  const differences = seen.flat().map((value, index) => Math.abs(value - (wanted.flat()[index] ?? NaN)));
  expect(Math.max(...differences), JSON.stringify([seen, wanted])).to.be.at.most(1);
};

describe('geotiff', () => {
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
    handle = await geotiff.create({type: 'geotiff', url: '/a.tif', ...config}, context);
    return handle;
  };
  const show = async (file: File, config: object = {}, own: object = view): Promise<PageMap> => {
    page = pageMap([(await create(file, config)).layer], own);
    await page.rendered();
    return page;
  };
  /** The middles of the four pixels. */
  const shown = (): number[][] =>
    [
      [206, 206],
      [306, 206],
      [206, 306],
      [306, 306],
    ].map(([x = 0, y = 0]) => page?.pixel(x, y) ?? []);
  const alphas = (): number[] => shown().map(([, , , alpha = NaN]) => alpha);
  const parts = (): string[] => server.asked.map(({url}) => url.replace('https://maps.example/a.tif#bytes=', ''));

  beforeEach(() => {
    server = new ScriptedServer(() => new Error('unset'));
    handle = page = undefined;
  });
  afterEach(() => {
    handle?.dispose();
    page?.remove();
  });

  it('puts the pixels of a file where they belong', async () => {
    await show(four());
    expectNear(shown(), [0, 100, 200, 255].map(grey));
    expect(page?.pixel(100, 206)).to.eql(clear);
    expect(context.heard.errors).to.eql([]);
    expect(handle?.isPersonal).to.equal(true);
  });

  it('shows colours, and the bands that the config names', async () => {
    const file = geotiffFile({images: [plain(2, 2, 255, 0, 0, 255)], pixel: 100});
    await show(file);
    expect(shown()[0]).to.eql(red);
    for (const [bands, colour] of [
      [[2], grey(0)],
      [[4], white],
      [
        [2, 3, 1],
        [0, 0, 255, 255],
      ],
      [[1, 2, 3, 4], red],
      [[1, 2, 3, 2], clear],
    ] as const) {
      handle?.dispose();
      page?.remove();
      await show(file, {bands});
      expect(shown()[0], String(bands)).to.eql(colour);
    }
  });

  it('stretches values, by what the config says or by what there is', async () => {
    const file = four({bits: 32}, [10, 20, 30, 60]);
    await show(file);
    expectNear(shown(), [0, 51, 102, 255].map(grey));
    handle?.dispose();
    page?.remove();
    await show(file, {min: 20, max: 30});
    expectNear(shown(), [0, 0, 255, 255].map(grey));
  });

  it('is clear where there is no value', async () => {
    await show(four({nodata: '100'}));
    expectNear([alphas()], [[255, 0, 255, 255]]);
    handle?.dispose();
    page?.remove();
    await show(four({nodata: '100', bits: 32}, [0, 1, NaN, 2]), {nodata: 2});
    expectNear([alphas()], [[255, 255, 0, 0]]);
  });

  it('reads bands from several files', async () => {
    const files: Record<string, File> = {
      r: four({}, [255, 255, 255, 255]),
      g: four({}, [0, 0, 0, 0]),
      b: four({}, [0, 255, 0, 255]),
    };
    server.answer = (url, options) => fileAnswer(files[url.slice(-5, -4)] ?? redGeotiff())(url, options);
    context = recordedContext(server.request);
    handle = await geotiff.create({type: 'geotiff', urls: ['/r.tif', '/g.tif', '/b.tif']}, context);
    page = pageMap([handle.layer], view);
    await page.rendered();
    expectNear(shown().slice(0, 2), [red, [255, 0, 255, 255]]);
    const error = await rejection(
      Promise.resolve(geotiff.create({type: 'geotiff', urls: ['/r.tif', '/x.tif']}, context)),
    );
    expect(String(error)).to.include('must be bands of one picture');
  });

  it('reads the overview that suits the view, and no other', async () => {
    const file = geotiffFile({images: [plain(1024, 512, 0), plain(256, 128, 255)], pixel: 10, gap: 100_000});
    await show(file, {}, {...view, resolution: 40, center: [5120, -2560]});
    expect(page?.pixel(256, 256)).to.eql(white);
    const sent = server.asked.length;
    page?.map.getView().setResolution(10);
    await page?.rendered();
    expect(page?.pixel(256, 256)).to.eql(grey(0));
    expect(server.asked.length).to.be.above(sent);
  });

  it('asks for the parts of the file that it needs, with the signal of the tile', async () => {
    await show(
      geotiffFile({images: [plain(128, 1024, 255)], pixel: 10, gap: 300_000}),
      {},
      {...view, resolution: 10, center: [640, -5120]},
    );
    const size = 300_000 + 128 * 1024;
    expect(parts()[0]).to.equal('0-65535');
    for (const part of parts()) expect(Number(part.split('-')[0])).to.be.below(size + 1000);
    expect(server.asked.every(({signal}) => signal !== undefined)).to.equal(true);
    expect(new Set(parts()).size).to.be.above(1);
  });

  it('is shown in another projection', async () => {
    const file = geotiffFile({images: [plain(8, 8, 255, 0, 0)], corner: [-10, 60], pixel: 2, epsg: 4326});
    await show(file, {}, {center: [0, 6_500_000], resolution: 10_000});
    expect(page?.pixel(256, 256)).to.eql(red);
    expect(page?.pixel(20, 256)).to.eql(clear);
  });

  it('frees its pictures, and leaves the map exportable', async () => {
    const bitmaps = countBitmaps();
    await show(four());
    for (const canvas of document.querySelectorAll('canvas'))
      if (canvas.width) expect(canvas.toDataURL()).to.match(/^data:/);
    handle?.dispose();
    expect(bitmaps.open).to.equal(0);
    bitmaps.restore();
  });

  it('aborts the reading of a tile, and reads it when it is wanted again', async () => {
    await create(geotiffFile({images: [plain(2, 2, 255)], pixel: 100, gap: 200_000}));
    server.forget();
    server.hold();
    page = pageMap([(handle as LayerHandle).layer], view);
    await server.got(1);
    handle?.layer.setVisible(false);
    await page.framed();
    expect(server.asked.map(({state}) => state)).to.eql(['aborted']);
    handle?.layer.setVisible(true);
    await server.got(2);
    server.release();
    await page.rendered();
    expect(shown()[0]).to.eql(white);
    expect(context.heard.errors).to.eql([]);
  });

  it('asks again for what failed, on retry()', async () => {
    await create(geotiffFile({images: [plain(2, 2, 255)], pixel: 100, gap: 200_000}));
    const well = server.answer;
    server.answer = (url) => new RequestError('no', {kind: 'network', status: 500, url});
    page = pageMap([(handle as LayerHandle).layer], view);
    await page.rendered();
    expect(context.heard.errors.map(({kind, status}) => `${kind} ${status}`)).to.eql(['network 500']);
    server.answer = well;
    handle?.retry();
    await page.rendered();
    expect(shown()[0]).to.eql(white);
  });

  const text = (value: string): File => new TextEncoder().encode(value);
  for (const [what, file, config, words] of [
    [
      'a web page',
      text('<!doctype html><title>Sign in</title>'),
      {},
      'a web page (HTML) where a GeoTIFF was asked for',
    ],
    [
      'an exception',
      text('<ExceptionReport><Exception>No</Exception></ExceptionReport>'),
      {},
      'The service answered: No',
    ],
    ['another file', text('something else'), {}, 'The file is not a GeoTIFF'],
    ['a TIFF that is nowhere', four({epsg: 0}), {}, 'does not say where on the earth it is'],
    ['a projection without a code', four({epsg: 32_767}), {}, 'a projection of its own, without a code'],
    ['a projection that nobody knows', four({epsg: 30_000}), {}, 'EPSG:30000'],
    ['a header without its end', four().slice(0, 12), {}, 'damaged, cut short'],
    ['a directory without its end', four().slice(0, 60), {}, 'The GeoTIFF cannot be read'],
    ['a band that is not there', four(), {bands: [2]}, 'no band 2 in the file: "bands" may be 1 to 1'],
    ['a stretch that is none', four(), {min: 5, max: 5}, '"min" (5) must be less than "max" (5)'],
    [
      'no overview to find the values in',
      geotiffFile({images: [plain(1100, 2, 1)], bits: 32}),
      {},
      'The layer needs "min" and "max"',
    ],
  ] as const) {
    it(`says what is wrong with ${what}`, async () => {
      expect(String(await rejection(create(file, config)))).to.include(words);
    });
  }

  it('says so when the end of the file is missing', async () => {
    const file = geotiffFile({images: [plain(2, 2, 255)], pixel: 100, gap: 100_000});
    await show(file.slice(0, file.length - 2));
    expect(context.heard.errors.map(({message}) => message)).to.eql(['The file is cut short']);
    handle?.dispose();
    page?.remove();
    await show(file.slice(0, 65_536));
    expect(context.heard.errors.map(({reason}) => reason)).to.eql(['cut-short']);
  });

  it('says so when the server knows no ranges', async () => {
    const file = geotiffFile({images: [plain(2, 2, 255)], pixel: 100, gap: 100_000});
    server.answer = () => new Response(file);
    const error = await rejection(
      Promise.resolve(geotiff.create({type: 'geotiff', url: '/a.tif'}, recordedContext(server.request))),
    );
    expect(error).to.include({kind: 'format', reason: 'no-ranges'});
  });

  it('says so when the file changes while it is read', async () => {
    const file = geotiffFile({images: [plain(2, 2, 255)], pixel: 100, gap: 100_000});
    await create(file);
    server.answer = fileAnswer(file, '"2"');
    page = pageMap([(handle as LayerHandle).layer], view);
    await page.rendered();
    expect(context.heard.errors.map(({message}) => message)).to.eql([
      'The file has changed while it was read: load the map anew',
    ]);
  });

  it('says which field is wrong', async () => {
    expect(await layerProblems({type: 'geotiff'})).to.eql(['url: either "url" or "urls" is required']);
    expect((await layerProblems({type: 'geotiff', url: '/a', bands: [1, 2]}))[0]).to.match(
      /^bands: must be a list of one, three/,
    );
    expect((await layerProblems({type: 'geotiff', url: '/a', bands: [0]}))[0]).to.match(/counted from 1/);
    expect(await layerProblems({type: 'geotiff', url: '/a', min: '1'})).to.eql(['min: must be a number']);
  });
});
