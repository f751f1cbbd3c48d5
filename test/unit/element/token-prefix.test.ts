import {expect} from '@open-wc/testing';
import {SecureMap} from '../../../src/secure-map.js';

if (!customElements.get('secure-map')) customElements.define('secure-map', SecureMap);

const said = async (fields: object): Promise<string[]> => {
  const map = document.createElement('secure-map');
  const errors: string[] = [];
  map.addEventListener('secure-map-error', ({error}) => errors.push(`${error.code} ${error.message}`));
  Object.assign(map, {controls: 'none', ...fields});
  document.body.append(map);
  await map.ready;
  map.remove();
  return errors;
};

describe('a prefix of the token', () => {
  for (const transport of ['query', 'form', 'cookie', 'mac']) {
    it(`is a mistake where no header says it: ${transport}`, async () => {
      expect(await said({token: 'A', tokenTransport: transport, tokenPrefix: 'Token'})).to.eql([
        `invalid-attribute token-prefix: means nothing with the transport "${transport}".`,
      ]);
      const entry = {origins: 'https://own.example', tokenUrl: '/token', transport, prefix: ''};
      expect(await said({credentials: [entry]})).to.eql([
        `invalid-attribute credentials[0].prefix: means nothing with the transport "${transport}".`,
      ]);
    });
  }

  it('is none in a header', async () => {
    expect(await said({token: 'A', tokenPrefix: 'Token', tokenName: 'X-Api-Key'})).to.eql([]);
  });
});
