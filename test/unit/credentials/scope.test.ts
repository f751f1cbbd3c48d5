import {expect} from '@open-wc/testing';
import {covers, originScope, parseScope} from '../../../src/credentials/scope.js';
import {expectError, thrown} from '../../doubles/rejection.js';

const scope = parseScope('allowed-origins', 'https://a.example https://b.example/secure/ https://c.example/x');
const isCovered = (url: string): boolean => covers(scope, new URL(url));

describe('covers', () => {
  for (const url of [
    'https://a.example',
    'https://a.example/',
    'https://a.example:443/tiles/1',
    'https://A.EXAMPLE/tiles',
    'https://a.example/tiles?x=https://evil.test',
    'https://a.example/a%2fb',
    'https://b.example/secure',
    'https://b.example/secure/',
    'https://b.example/secure/deep/1.png?t=%2f#%2e',
    'https://b.example/other/../secure/1',
    'https://b.example/secure/..a/1',
    'https://c.example/x',
    'https://c.example/x/y',
  ]) {
    it(`takes ${url}`, () => {
      expect(isCovered(url)).to.equal(true);
    });
  }

  for (const url of [
    'https://a.example.evil.test/',
    'https://a.example@evil.test/',
    'https://a.example:443@evil.test/',
    'https://evil.test/https://a.example/',
    'https://evil.test\\@a.example/',
    'https://a.example.',
    'https://xa.example/',
    'https://sub.a.example/',
    'https://a.example:8443/',
    'http://a.example/',
    'http://a.example:443/',
    'wss://a.example/',
    'blob:https://a.example/0b7c',
    'https://b.example/',
    'https://b.example/secur',
    'https://b.example/secure-not/1',
    'https://b.example/SECURE/1',
    'https://b.example//secure/1',
    'https://b.example/secure/../other',
    'https://b.example/secure/%2e%2e/other',
    'https://b.example/secure/.%2E/other',
    'https://b.example/secure/..%2fother',
    'https://b.example/secure/..%5cother',
    'https://b.example/secure\\..\\other',
    'https://b.example/secure/%252e%252e/other',
    'https://b.example/secure/%25252fother',
    'https://b.example/secure/x%2Fy',
    'https://b.example/secure/a%2eb',
    'https://b.example/secure/..;/other',
    'https://b.example/secure/..;v=1/other',
    'https://b.example/secure/..%3b/other',
    'https://b.example/secure%2f1',
    'https://c.example/xy',
  ]) {
    it(`leaves out ${url}`, () => {
      expect(isCovered(url)).to.equal(false);
    });
  }

  it('an empty scope covers nothing', () => {
    expect(covers(parseScope('allowed-origins', ' \n '), new URL('https://a.example/'))).to.equal(false);
  });

  for (const origin of ['http://localhost:8000', 'http://127.0.0.1:1', 'http://[::1]:1', 'http://map.localhost']) {
    it(`allows plain http on this machine: ${origin}`, () => {
      const [entry] = parseScope('allowed-origins', origin);
      expect(entry?.origin).to.equal(origin);
      expect(covers(parseScope('allowed-origins', origin), new URL(`${origin}/t`))).to.equal(true);
    });
  }

  it('reads entries separated by any white space', () => {
    expect(parseScope('allowed-origins', '  https://a.example\n\thttps://b.example/p ')).to.deep.equal([
      {origin: 'https://a.example', path: '/'},
      {origin: 'https://b.example', path: '/p/'},
    ]);
  });
});

describe('parseScope', () => {
  for (const [text, why] of [
    ['*', 'wildcard'],
    ['https://*.a.example', 'wildcard'],
    ['https://a.example/*', 'wildcard'],
    ['https://a.example http://b.example', 'is not https'],
    ['http://127.0.0.1.evil.test', 'is not https'],
    ['http://localhost.evil.test', 'is not https'],
    ['ftp://a.example', 'is not https'],
    ['data:text/plain,x', 'is not https'],
    ['a.example', 'is not an absolute URL'],
    ['//a.example', 'is not an absolute URL'],
    ['/secure/', 'is not an absolute URL'],
    ['https://', 'is not an absolute URL'],
    ['https://a.example?x=1', 'query or fragment'],
    ['https://a.example/#x', 'query or fragment'],
    ['https://user@a.example', 'user name or password'],
    ['https://a.example@evil.test', 'user name or password'],
    ['https://a.example/secure%2fx', 'encoded separator'],
  ] as const) {
    it(`refuses ${text} and names the attribute`, () => {
      const {message} = expectError(
        thrown(() => parseScope('allowed-origins', text)),
        'invalid-attribute',
      );
      expect(message)
        .to.match(/^allowed-origins: /)
        .and.to.contain(why);
    });
  }

  for (const text of [
    'https://user:hunter2@a.example/?t=hunter2',
    'https://user:hunter2@*.a.example?t=hunter2',
    'https://user:hunter2@',
    'nothing:hunter2@a b?hunter2',
    'http://a.example/?token=hunter2#hunter2',
  ]) {
    it(`shows no secret of ${text}`, () => {
      const {message} = expectError(
        thrown(() => parseScope('allowed-origins', text)),
        'invalid-attribute',
      );
      expect(message).not.to.contain('hunter2');
    });
  }
});

describe('originScope', () => {
  it('is the origin of a URL of the markup', () => {
    expect(originScope(new URL('https://a.example/maps/1?x'))).to.deep.equal([
      {origin: 'https://a.example', path: '/'},
    ]);
  });
  it('is nothing over plain http', () => {
    expect(originScope(new URL('http://a.example/maps/1'))).to.deep.equal([]);
  });
});
