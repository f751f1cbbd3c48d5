import {expect} from '@open-wc/testing';
import * as v from 'valibot';
import type {Platform} from '../../../src/platforms/platform.js';
import {ask, words} from './asking.js';

const own: Platform = {layers: ({server, map}) => ({title: `${server.href} ${map}`, layers: []})};

describe('the platform of a tag', () => {
  it('is one of the registry, or says which there are', async () => {
    const allowed = 'Allowed: onemap, planviewer, spectrum, supermap-imanager, supermap-iserver, spatial-studio';
    expect(await words({platform: 'geoserver', map: 'a'})).to.match(new RegExp(`^platform: "geoserver".*${allowed}`));
    // A name of the language is none of ours.
    expect(await words({platform: 'constructor', map: 'a'})).to.contain('platform: "constructor" is not known');
    expect(await words({map: 'a'})).to.match(/^server, map and platform-options: mean nothing without a platform/);
    expect(await words({platform: {} as Platform})).to.contain('an object with a function "layers"');
  });

  it('may be one of the page, which gets what the tag says', async () => {
    const {document, url} = await ask({platform: own, map: ' sewers ', server: '/map-proxy'});
    expect(document.title).to.equal('https://site.example/map-proxy sewers');
    expect(url).to.equal('https://site.example/map-proxy');
  });

  it('may be one of the page with its own needs, address and options', async () => {
    const platform: Platform<v.StrictObjectSchema<{size: v.NumberSchema<string>}, undefined>> = {
      needs: ['map'],
      server: 'https://own.example/base',
      options: v.strictObject({size: v.number('must be a number of pixels')}),
      layers: ({server, options: {size}}) => ({title: `${server.href} ${size}`, layers: []}),
      baseUrl: ({server}) => `${server.href}/map.json`,
    };
    const given = {platform, server: undefined};
    expect(await words(given)).to.equal('map: is required with the platform this one: the map on it.');
    expect(await words({...given, map: 'a', platformOptions: '{"size": "big"}'})).to.equal(
      'platform-options.size: must be a number of pixels.',
    );
    const {document, url} = await ask({...given, map: 'a', platformOptions: {size: 3}});
    expect(document.title).to.equal('https://own.example/base 3');
    expect(url).to.equal('https://own.example/base/map.json');
  });

  for (const [server, why] of [
    ['https://user:secret@maps.example', 'server: has a user name or password in it.'],
    ['https://maps.example/?a=b', 'server: must be the address of the server alone, without a query or fragment.'],
    ['ftp://maps.example', 'server: must be an http(s) URL.'],
    ['http://[', 'server: must be an http(s) URL.'],
  ] as const) {
    it(`is not at ${server.replace(/:\/\/.*@/, '://…@')}`, async () => {
      expect(await words({platform: own, server})).to.equal(why);
    });
  }

  for (const [platformOptions, why] of [
    ['{', 'platform-options: must be a JSON object, like {"format": "png"}.'],
    ['[]', 'platform-options: must be a JSON object.'],
    ['{"format": "bmp"}', 'platform-options.format: must be one of png, jpg, jpeg, gif, mvt.'],
    ['{"service": "features"}', 'platform-options.service: must be "tiling" or "mapping".'],
    ['{"formats": "png"}', 'platform-options.formats: is not known here. Allowed: service, format.'],
  ] as const) {
    it(`does not take the options ${platformOptions}`, async () => {
      expect(await words({platform: 'spectrum', map: '/a', platformOptions})).to.equal(why);
    });
  }

  for (const map of ['/', 'a//b', '../secret', 'a/%2e%2e/b', 'a?b', 'a\\b', 'a%2Fb']) {
    it(`is not asked for the map ${map}`, async () => {
      expect(await words({platform: 'spectrum', map})).to.contain('map: must be a path on the server');
    });
  }

  it('takes a map as browsers show its address, and as they do not', async () => {
    const options = {platform: 'spectrum', platformOptions: {service: 'mapping'}};
    const plain = await ask({...options, map: '/Karten/Straßen & Wege'});
    const encoded = await ask({...options, map: 'Karten/Stra%C3%9Fen%20%26%20Wege/'});
    expect(plain.document).to.eql(encoded.document);
    expect(plain.document.layers[0]?.['url']).to.contain('/maps/Karten/Stra%C3%9Fen%20%26%20Wege/image.png;');
  });

  it('has no config beside it, unless it reads one', async () => {
    expect(await words({platform: 'spectrum', map: '/a', config: '/map.json'})).to.equal(
      'config: means nothing with the platform "spectrum": "server" and "map" say which map it is.',
    );
    expect(await words({platform: 'spectrum', map: '/a', configAdapter: () => ({})})).to.contain(
      'configAdapter: means nothing',
    );
    expect(await words({platform: 'onemap', config: {layers: []}})).to.equal(
      'config: must be a URL where a platform reads it.',
    );
  });
});
