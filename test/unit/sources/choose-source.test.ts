import {expect} from '@open-wc/testing';
import {chooseSource} from '../../../src/sources/choose-source.js';
import {sources} from '../../../src/sources/registry.js';
import type {SourceFields} from '../../../src/sources/source-kind.js';
import {everythingIn, expectError, thrown} from '../../doubles/rejection.js';
import {CANARY} from '../../doubles/tokens.js';

const choose = (fields: SourceFields) => chooseSource(fields, sources);

describe('chooseSource', () => {
  it('chooses none for a public map', () => {
    expect(choose({})).to.equal(undefined);
    expect(choose({token: undefined, tokenUrl: undefined, scope: 'openid'})).to.equal(undefined);
  });

  it('chooses by what is present, though it be empty', () => {
    expect(choose({token: ''})).to.equal(sources.token);
    expect(choose({tokenUrl: ''})).to.equal(sources.tokenUrl);
  });

  for (const [what, fields, names] of [
    ['token and token-url', {token: CANARY, tokenUrl: '/t'}, 'token and token-url '],
    [
      'getToken and authority',
      {getToken: () => CANARY, authority: 'https://a.example', clientId: 'c'},
      'getToken and authority ',
    ],
    ['three', {token: CANARY, getToken: () => CANARY, tokenUrl: '/t'}, 'token and getToken and token-url '],
  ] as const) {
    it(`refuses ${what} at once, by name`, () => {
      const error = expectError(
        thrown(() => choose(fields)),
        'conflicting-sources',
      );
      expect(error.message.startsWith(names)).to.equal(true);
      expect(everythingIn(error)).not.to.contain(CANARY);
    });
  }

  it('refuses a client-id without authority', () => {
    const error = expectError(
      thrown(() => choose({clientId: 'map-viewer'})),
      'invalid-attribute',
    );
    expect(error.message).to.match(/^client-id: .*authority/);
  });
});
