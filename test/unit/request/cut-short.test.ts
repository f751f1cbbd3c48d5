import {expect} from '@open-wc/testing';
import {isCutShort} from '../../../src/request/cut-short.js';
import {webp} from '../../doubles/webp.js';

const encoded = async (type: string): Promise<Uint8Array<ArrayBuffer>> => {
  const canvas = new OffscreenCanvas(300, 170);
  const context = canvas.getContext('2d');
  for (let at = 0; at < 300; at += 1) {
    if (context) context.fillStyle = `rgb(${at % 256}, ${(at * 7) % 256}, ${(at * 31) % 256})`;
    context?.fillRect(at, 0, 1, at);
  }
  return (await canvas.convertToBlob({type})).bytes();
};

const images = {
  PNG: () => encoded('image/png'),
  JPEG: () => encoded('image/jpeg'),
  WebP: async () => webp(),
};

describe('isCutShort', () => {
  for (const [kind, make] of Object.entries(images)) {
    it(`takes a whole ${kind} for whole`, async () => expect(isCutShort(await make())).to.equal(false));

    it(`knows a ${kind} whose end is missing, wherever it stops`, async () => {
      const bytes = await make();
      const stops = [1, 11, 12, 13, 20, 40, ...[0.1, 0.25, 0.5, 0.75, 0.95].map((share) => bytes.length * share)];
      for (const stop of [...stops, bytes.length - 9]) {
        if (stop < bytes.length) expect(isCutShort(bytes.slice(0, stop)), `after ${stop} bytes`).to.equal(true);
      }
    });

    it(`does not mind what follows a ${kind}`, async () => {
      const bytes = await make();
      const longer = new Uint8Array(bytes.length + 100).fill(0x20);
      longer.set(bytes);
      expect(isCutShort(longer)).to.equal(false);
    });
  }

  it('survives lengths that lead nowhere', async () => {
    const bytes = await images.PNG();
    new DataView(bytes.buffer).setUint32(8, 0xffff_ffff);
    expect(isCutShort(bytes)).to.equal(true);
  });

  it('says nothing of other kinds', () => {
    expect(isCutShort(new TextEncoder().encode('GIF89a and some more'))).to.equal(false);
  });
});
