import {expect} from '@open-wc/testing';
import {parseScope} from '../../../../src/credentials/scope.js';
import {parseBridgeUrls} from '../../../../src/request/bridge/bridge-urls.js';

const scopes = [
  parseScope('allowed-origins', 'https://tiles.example/secure/ https://maps.example'),
  parseScope('credentials[0].origins', 'http://127.0.0.1:4172'),
];

const wrong = (text: string): unknown => {
  try {
    parseBridgeUrls(text, scopes);
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('tile-bridge', () => {
  it('names bridges of origins that may receive a credential', () => {
    const text =
      '  https://tiles.example/bridge.html\nhttps://maps.example/a/bridge.html http://127.0.0.1:4172/bridge.html ';
    expect(parseBridgeUrls(text, scopes).map(({href}) => href)).to.deep.equal(text.trim().split(/\s+/));
    expect(parseBridgeUrls('', scopes)).to.deep.equal([]);
  });

  for (const [text, words] of [
    ['bridge.html', '"bridge.html" is not an absolute URL'],
    ['https://', '"https://" is not an absolute URL'],
    ['http://tiles.example/bridge.html', '"http://tiles.example/bridge.html" is not https'],
    ['javascript:alert(1)', 'is not https'],
    ['https://other.example/bridge.html', '"https://other.example/bridge.html" is not of an origin that may receive'],
    ['https://tiles.example.other.example/', 'is not of an origin that may receive'],
    ['https://anna:secret@tiles.example/bridge.html', 'has a user name or password'],
    [`${location.origin}/bridge.html`, "is of the page's own origin"],
    ['https://tiles.example/a.html https://tiles.example/b.html', 'is the second one of its origin'],
  ] as const) {
    it(`${text} is an error that names it`, () => {
      const error = wrong(text);
      expect(error).to.include({code: 'invalid-attribute'});
      expect(String(error)).to.include('tile-bridge: ').and.to.include(words).and.to.include('Allowed:');
      expect(String(error)).not.to.include('secret');
    });
  }
});
