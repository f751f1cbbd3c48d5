import {createCanvas} from '@napi-rs/canvas';

const SIZE = 256;
/** Enough that no two neighbours are alike, few enough to be drawn in a second. */
const COUNT = 60;

/** The same pictures in every run. */
const createRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Something like a city map: blocks, streets, names. About 16 KiB as PNG. */
const draw = (seed: number): Promise<Uint8Array> => {
  const random = createRandom(seed + 1);
  const at = (): number => random() * SIZE;
  const canvas = createCanvas(SIZE, SIZE);
  const context = canvas.getContext('2d');
  context.fillStyle = '#f2efe9';
  context.fillRect(0, 0, SIZE, SIZE);
  for (let block = 0; block < 30; block += 1) {
    context.fillStyle = `hsl(${Math.floor(random() * 360)} 30% ${75 + Math.floor(random() * 15)}%)`;
    context.fillRect(at(), at(), 6 + random() * 30, 6 + random() * 30);
  }
  for (let street = 0; street < 5; street += 1) {
    context.strokeStyle = street % 3 === 0 ? '#e8b06a' : '#ffffff';
    context.lineWidth = 1 + random() * 4;
    context.beginPath();
    context.moveTo(at(), at());
    context.bezierCurveTo(at(), at(), at(), at(), at(), at());
    context.stroke();
  }
  context.fillStyle = '#444444';
  context.font = '11px sans-serif';
  for (let name = 0; name < 4; name += 1) context.fillText(`Street ${Math.floor(random() * 999)}`, at(), at());
  return canvas.encode('png');
};

export interface Pictures {
  /** Of a tile, always the same one. */
  of(z: number, x: number, y: number): Uint8Array;
  /** Bytes of one, on average. */
  readonly meanBytes: number;
}

export const drawPictures = async (): Promise<Pictures> => {
  const pictures = await Promise.all(Array.from({length: COUNT}, (_, index) => draw(index)));
  return {
    of: (z, x, y) => pictures[(z * 7 + x * 13 + y * 29) % COUNT] ?? new Uint8Array(),
    meanBytes: pictures.reduce((sum, {length}) => sum + length, 0) / COUNT,
  };
};
