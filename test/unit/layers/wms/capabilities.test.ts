import {expect} from '@open-wc/testing';
import {readWms, systemsOf} from '../../../../src/layers/wms/capabilities.js';
import {rejection} from '../../../doubles/rejection.js';

const url = 'https://maps.example/wms';
const capabilities = (systems: number, layers: number): Response =>
  new Response(
    `<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms"><Capability><Layer><Title>All</Title>
     ${'<CRS>EPSG:3857</CRS>'.repeat(systems)}${'<Layer><Name>a</Name></Layer>'.repeat(layers)}
     </Layer></Capability></WMS_Capabilities>`,
  );

describe('the capabilities of a WMS', () => {
  it('are refused where the layers have more from each other than there is room for', async () => {
    expect(await rejection(readWms(capabilities(10_000, 3_000), url))).to.include({
      kind: 'format',
      reason: 'too-large',
    });
    expect((await readWms(capabilities(6_000, 100), url)).layer('a')?.CRS).to.have.length(6_000);
  });

  it('have the systems of several layers, however long their lists are', () => {
    const many = (prefix: string): string[] => Array.from({length: 60_000}, (_, i) => `${prefix}:${i}`);
    const from = performance.now();
    expect(systemsOf([{CRS: [...many('A'), 'EPSG:3857']}, {SRS: [`${many('B').join(' ')} EPSG:3857`]}])).to.eql([
      'EPSG:3857',
    ]);
    expect(performance.now() - from).to.be.below(2000);
  });
});
