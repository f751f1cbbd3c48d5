import {expect} from '@open-wc/testing';
import {redact} from '../../../src/request/redact.js';
import {RequestError} from '../../../src/request/request-error.js';
import {everythingIn} from '../../doubles/rejection.js';
import {CANARY} from '../../doubles/tokens.js';

describe('redact', () => {
  for (const [url, shown] of [
    [`https://a.example/t/1.png?token=${CANARY}`, 'https://a.example/t/1.png'],
    [`https://a.example/t/1.png#access_token=${CANARY}`, 'https://a.example/t/1.png'],
    [`https://ann:${CANARY}@a.example/t`, 'https://a.example/t'],
    [`https://${CANARY}@a.example:8443/`, 'https://a.example:8443/'],
    [`http://localhost:1/x?${CANARY}`, 'http://localhost:1/x'],
    [`data:text/plain,${CANARY}`, 'data:'],
    [`blob:https://a.example/${CANARY}`, 'blob:'],
    [`foo:${CANARY}`, 'foo:'],
    [`foo://ann:${CANARY}@a.example/${CANARY}`, 'foo:'],
    [`https://?${CANARY}`, '(invalid URL)'],
    [`/tiles/1?t=${CANARY}`, `${location.origin}/tiles/1`],
  ] as const) {
    it(`shows ${shown}`, () => {
      expect(redact(url)).to.equal(shown);
    });
  }

  it('is what a RequestError does with its URL', () => {
    const url = `https://ann:${CANARY}@a.example/t?token=${CANARY}#${CANARY}`;
    const error = new RequestError('It failed.', {kind: 'network', url, status: 500});
    expect(error.url).to.equal('https://a.example/t');
    expect(everythingIn(error)).not.to.contain(CANARY);
  });
});
