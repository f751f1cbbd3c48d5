import {expect} from '@open-wc/testing';
import {SecureMap} from '../../../src/secure-map.js';

if (!customElements.get('secure-map')) customElements.define('secure-map', SecureMap);

/** A layer that asks for nothing. */
const layer = (id?: string) => ({
  type: 'geojson',
  data: {type: 'FeatureCollection', features: []},
  ...(id === undefined ? {} : {id}),
});

const show = async (written: object): Promise<{readonly map: SecureMap; readonly errors: string[]}> => {
  const map = document.createElement('secure-map');
  const errors: string[] = [];
  map.addEventListener('secure-map-error', ({error}) => errors.push(error.message));
  Object.assign(map, {controls: 'none', ...written});
  document.body.append(map);
  await map.ready;
  return {map, errors};
};

const idsOn = ({map}: SecureMap): unknown[] => map.getAllLayers().map((one): unknown => one.get('id'));

describe('a layer without an id', () => {
  afterEach(() => {
    for (const map of document.querySelectorAll('secure-map')) map.remove();
  });

  it('is named by its place', async () => {
    const {map} = await show({layers: [layer('pipes'), layer(), layer()]});
    expect(idsOn(map)).to.eql(['pipes', 'layer-2', 'layer-3']);
  });

  it('takes a name that no other layer was given, wherever that stands', async () => {
    const {map, errors} = await show({layers: [layer('layer-2'), layer(), layer(), layer('layer-4'), layer()]});
    expect(errors).to.eql([]);
    expect(idsOn(map)).to.eql(['layer-2', 'layer-3', 'layer-5', 'layer-4', 'layer-6']);
  });

  it('takes no name from another document', async () => {
    const {map, errors} = await show({config: {layers: [layer(), layer()]}, layers: [layer()]});
    expect(errors).to.eql([]);
    expect(new Set(idsOn(map)).size).to.equal(3);
    expect(await map.addLayer(layer())).to.equal('layer-4');
  });
});

describe('an id that is given twice', () => {
  it('is told with no more of it than tells it from others', async () => {
    const long = 'x'.repeat(10_000);
    const {map, errors} = await show({config: {layers: [layer(long)]}, layers: [layer(long)]});
    expect(errors).to.have.length(1);
    expect(errors[0]?.length).to.be.below(120);
    map.remove();
  });
});
