import {expect} from '@open-wc/testing';
import {imageSize} from '../../../src/request/image-size.js';
import {webp, webpStarts} from '../../doubles/webp.js';

const encoded = async (type: string): Promise<Uint8Array<ArrayBuffer>> => {
  const canvas = new OffscreenCanvas(300, 170);
  canvas.getContext('2d')?.fillRect(3, 3, 9, 9);
  const blob = await canvas.convertToBlob({type});
  expect(blob.type).to.equal(type);
  return blob.bytes();
};

describe('imageSize', () => {
  for (const type of ['image/png', 'image/jpeg']) {
    it(`reads the header of ${type}`, async () =>
      expect(imageSize(await encoded(type))).to.eql({width: 300, height: 170}));
  }

  for (const [kind, start] of Object.entries(webpStarts)) {
    it(`reads the header of a WebP: ${kind}`, () => expect(imageSize(start())).to.eql({width: 300, height: 170}));
  }

  it('reads the header of a GIF', () => {
    const gif = Uint8Array.of(...new TextEncoder().encode('GIF89a'), 44, 1, 170, 0, 0, 0);
    expect(imageSize(gif)).to.eql({width: 300, height: 170});
  });

  it('does not know what is cut short or something else', async () => {
    const png = await encoded('image/png');
    const jpeg = await encoded('image/jpeg');
    for (const bytes of [
      png.slice(0, 20),
      jpeg.slice(0, 14),
      webp().slice(0, 20),
      new Uint8Array(40),
      new Uint8Array(0),
    ])
      expect(imageSize(bytes)).to.equal(undefined);
  });
});
