import {expect} from '@open-wc/testing';
import {givenToken} from '../../../src/sources/given-token.js';
import {everythingIn, expectError, rejection, thrown} from '../../doubles/rejection.js';
import {START, TestEnvironment} from '../../doubles/test-environment.js';
import {CANARY, jwt} from '../../doubles/tokens.js';

const settings = {environment: new TestEnvironment(), pageUrl: 'https://site.example/'};
const {signal} = new AbortController();

describe('token', () => {
  it('is given as it is, with the expiry that it names', async () => {
    const token = jwt({exp: START / 1000 + 300});
    const credential = await givenToken.create({token}, settings).acquire({reason: 'initial', signal});
    expect(credential).to.deep.equal({token, type: 'Bearer', receivedAt: START, expiresAt: START + 300_000});
  });

  for (const token of ['', ' ', `${CANARY} x`, `${CANARY}\n`, `${CANARY}\u00fc`]) {
    it(`is refused when the tag is read: ${JSON.stringify(token).replace(CANARY, '…')}`, () => {
      const error = expectError(
        thrown(() => givenToken.create({token}, settings)),
        'invalid-attribute',
      );
      expect(error.message).to.match(/^token: /);
      expect(everythingIn(error)).not.to.contain(CANARY);
    });
  }

  it('is given once: what was refused, ran out or was signed out of does not come back', async () => {
    const source = givenToken.create({token: CANARY}, settings);
    await source.acquire({reason: 'initial', signal});
    for (const reason of ['initial', 'expiring', 'unauthorized'] as const) {
      const error = expectError(await rejection(source.acquire({reason, signal})), 'login-required');
      expect(error.reason).to.equal(reason === 'unauthorized' ? 'token-refused' : undefined);
      expect(everythingIn(error)).not.to.contain(CANARY);
    }
  });
});
