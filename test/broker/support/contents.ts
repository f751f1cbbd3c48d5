import {HALF_WORLD, type WorldContent} from '../../doubles/platforms/world-content.js';

/** The beginning of a PNG, for tests that look at who may see it and not at what it shows. */
const PICTURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array.from({length: 500}, () => 7)]);

export const picture = (): Uint8Array<ArrayBuffer> => PICTURE.slice();

/** What the doubles show, without drawing it. */
export const flatContent: WorldContent = {
  tile: () => Promise.resolve(picture()),
  image: () => Promise.resolve(picture()),
  vectorTile: () => picture(),
  features: () => ({type: 'FeatureCollection', features: []}),
  wms: () => Promise.resolve(new Response(picture(), {headers: {'content-type': 'image/png'}})),
};

export const wholeWorld = HALF_WORLD;
