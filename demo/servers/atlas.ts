import type {Canvas} from '@napi-rs/canvas';
import type {Window} from './frame.js';
import {loadWorld} from './world.js';
import type {World} from './world.js';

/** The world at the detail that a picture can show. */
export interface Atlas {
  coarse(): World;
  fine(): World;
  forWindow(window: Window): World;
}

/** A world 2048 pixels wide (zoom 3): from there on the 110m coastline looks cut with scissors. */
const COARSE_DEGREES_PER_PIXEL = 360 / 2048;

export function createAtlas(): Atlas {
  const coarse = once(() => loadWorld('110m'));
  const fine = once(() => loadWorld('50m'));
  return {
    coarse,
    fine,
    forWindow: ({west, east, width}) => ((east - west) / width > COARSE_DEGREES_PER_PIXEL ? coarse() : fine()),
  };
}

export async function toPng(canvas: Canvas): Promise<Uint8Array> {
  return canvas.encode('png');
}

function once<T>(make: () => T): () => T {
  let made: {readonly value: T} | undefined;
  return () => (made ??= {value: make()}).value;
}
