import {expect} from '@open-wc/testing';
import {toCredential, withJwtExpiry, type TokenFields} from '../../../src/sources/token.js';
import {everythingIn, expectError, thrown} from '../../doubles/rejection.js';
import {START} from '../../doubles/test-environment.js';
import {CANARY, jwt} from '../../doubles/tokens.js';

const read = (fields: TokenFields) => toCredential('token-url', fields, START);
const lifetime = async (fields: Omit<TokenFields, 'token'>, token = 'opaque'): Promise<number | undefined> => {
  const {expiresAt} = await withJwtExpiry(read({token, ...fields}));
  return expiresAt === undefined ? undefined : (expiresAt - START) / 1000;
};

describe('toCredential', () => {
  it('takes what RFC 6750 calls a token', () => {
    for (const token of ['a', 'abc-._~+/==', jwt({sub: 'ann'}), '0'.repeat(8000)]) {
      expect(read({token}).token).to.equal(token);
    }
    expect(read({token: 'a'})).to.deep.equal({token: 'a', type: 'Bearer', receivedAt: START, expiresAt: undefined});
  });

  for (const [what, token] of [
    ['a line break', `${CANARY}\nX-Evil: 1`],
    ['a carriage return', `${CANARY}\r`],
    ['a space', `Bearer ${CANARY}`],
    ['a tab', `${CANARY}\t`],
    ['a letter beyond ASCII', `${CANARY}é`],
    ['a zero-width space', `${CANARY}\u200b`],
    ['a line separator', `${CANARY}\u2028`],
    ['a NUL', `${CANARY}\0`],
    ['a quote', `"${CANARY}"`],
    ['an equals sign in the middle', `${CANARY}=x`],
    ['nothing', ''],
    ['null', null],
    ['undefined', undefined],
    ['a number', 7],
    ['true', true],
    ['an object', {token: CANARY}],
    ['an array', [CANARY]],
  ] as const) {
    it(`refuses ${what}, and does not repeat it`, () => {
      const error = expectError(
        thrown(() => read({token})),
        'source-invalid',
      );
      expect(error.message).to.match(/^token-url: /);
      expect(everythingIn(error)).not.to.contain(CANARY);
    });
  }

  for (const type of ['Bearer', 'bearer', 'BEARER', undefined, null]) {
    it(`takes the token type ${String(type)}`, () => {
      expect(read({token: 'a', type}).type).to.equal('Bearer');
    });
  }

  for (const type of ['mac', 'DPoP', 'N_A', '', 'Bearer ', 7, {}]) {
    it(`refuses the token type ${JSON.stringify(type)}`, () => {
      expectError(
        thrown(() => read({token: CANARY, type})),
        'source-invalid',
      );
    });
  }

  it('takes the expiry from what was said, before it looks into the token', async () => {
    const token = jwt({exp: START / 1000 + 999});
    expect(await lifetime({expiresIn: 60, expiresAt: START + 120_000}, token)).to.equal(60);
    expect(await lifetime({expiresIn: '60'}, token)).to.equal(60);
    expect(await lifetime({expiresAt: START + 120_000}, token)).to.equal(120);
    expect(await lifetime({expiresIn: 'soon', expiresAt: 'later'}, token)).to.equal(999);
    expect(await lifetime({expiresIn: null, expiresAt: null}, token)).to.equal(999);
    expect(await lifetime({expiresIn: 0}, token)).to.equal(0);
    expect(await lifetime({})).to.equal(undefined);
  });
});
