import {expect} from '@open-wc/testing';
import TileState from 'ol/TileState.js';
import {FetchedTile, type TileImage} from '../../../../src/layers/raster/fetched-tile.js';

const bitmap = (): Promise<ImageBitmap> => createImageBitmap(new ImageData(1, 1));

describe('a fetched tile', () => {
  let states: unknown[];
  let failures: unknown[];
  const tileOf = (fetch: (signal: AbortSignal) => Promise<TileImage>): FetchedTile => {
    const tile = new FetchedTile({
      tileCoord: [0, 0, 0],
      key: '',
      isQueued: false,
      fetch,
      failed: (error) => failures.push(error),
      disposed: () => states.push('disposed'),
    });
    tile.addEventListener('change', () => {
      states.push(tile.getState());
    });
    return tile;
  };
  const settled = (tile: FetchedTile): Promise<void> =>
    new Promise((resolve) => {
      tile.addEventListener('change', () => {
        if (tile.getState() !== TileState.LOADING) resolve();
      });
    });

  beforeEach(() => {
    states = [];
    failures = [];
  });

  it('takes an answer that is there at once, and closes it when disposed', async () => {
    const image = await bitmap();
    const tile = tileOf(() => Promise.resolve(image));
    const done = settled(tile);
    tile.load();
    await done;
    expect(tile.getData()).to.equal(image);
    tile.dispose();
    expect(image.width).to.equal(0);
    expect(tile.getData()).to.equal(null);
    expect(states).to.eql([TileState.LOADING, TileState.LOADED, TileState.EMPTY, 'disposed']);
  });

  it('asks for nothing when somebody aborts it on hearing that it begins', () => {
    let asked = 0;
    const tile = tileOf(() => {
      asked += 1;
      return bitmap();
    });
    tile.addEventListener('change', () => tile.abort());
    tile.load();
    expect(asked).to.equal(0);
    expect(tile.getState()).to.equal(TileState.IDLE);
  });

  it('closes an answer that comes although it was aborted', async () => {
    const late = Promise.withResolvers<TileImage>();
    const image = await bitmap();
    const tile = tileOf(() => late.promise);
    tile.load();
    tile.abort();
    late.resolve(image);
    await late.promise;
    await Promise.resolve();
    expect(image.width).to.equal(0);
    expect(tile.getData()).to.equal(null);
    expect(tile.getState()).to.equal(TileState.IDLE);
    expect(states).to.eql([TileState.LOADING, TileState.EMPTY]);
  });

  it('says nothing of a failure that comes after the abort', async () => {
    const late = Promise.withResolvers<TileImage>();
    const tile = tileOf(() => late.promise);
    tile.load();
    tile.abort();
    late.reject(new Error('too late'));
    await late.promise.catch(() => undefined);
    await Promise.resolve();
    expect(failures).to.eql([]);
    expect(tile.getState()).to.equal(TileState.IDLE);
  });

  it('is loaded again after a failure, when it is forgiven', async () => {
    const image = await bitmap();
    const refusal = new Error('no');
    let fails = true;
    const tile = tileOf(() => (fails ? Promise.reject(refusal) : Promise.resolve(image)));
    const failing = settled(tile);
    tile.load();
    await failing;
    expect(failures).to.eql([refusal]);
    expect(tile.getError()).to.equal(refusal);
    fails = false;
    tile.forgive();
    expect(tile.getState()).to.equal(TileState.IDLE);
    const loading = settled(tile);
    tile.load();
    await loading;
    expect(tile.getData()).to.equal(image);
    tile.forgive();
    expect(tile.getState()).to.equal(TileState.LOADED);
    tile.dispose();
  });
});
