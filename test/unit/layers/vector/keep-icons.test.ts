import {expect} from '@open-wc/testing';
import {shared} from 'ol/style/IconImageCache.js';
import {keepIcons} from '../../../../src/layers/vector/keep-icons.js';

describe('icons that were loaded with a credential', () => {
  it('stay with ol while they are in use, and no longer', async () => {
    const icons = keepIcons();
    const canvas = Object.assign(document.createElement('canvas'), {width: 4, height: 4});
    icons.keep('a.png', await createImageBitmap(canvas));
    const icon = shared.get(icons.nameOf('a.png') ?? '', null);
    expect(icon?.hasListener()).to.equal(true);
    icons.dispose();
    expect(icon?.hasListener()).to.equal(false);
    expect(icons.nameOf('a.png')).to.equal(undefined);
  });
});
