import {expect} from '@open-wc/testing';
import {transition, type AuthFact, type AuthState} from '../../../src/credentials/state.js';

const facts = ['asked', 'granted', 'renewing', 'failed', 'needs-visitor', 'ended', 'left'] as const;

type Same = '·';

/** Written out once more by hand: every state, every fact, in the order of `facts`. A dot leaves the state as it is. */
const expected: Readonly<Record<AuthState, readonly (AuthState | Same)[]>> = {
  anonymous: ['authenticating', 'authenticated', '·', 'error', '·', '·', 'signed-out'],
  authenticating: ['·', 'authenticated', '·', 'error', 'anonymous', 'expired', 'signed-out'],
  authenticated: ['·', '·', 'refreshing', '·', '·', 'expired', 'signed-out'],
  refreshing: ['·', 'authenticated', '·', 'authenticated', '·', 'expired', 'signed-out'],
  expired: ['authenticating', 'authenticated', '·', '·', '·', '·', 'signed-out'],
  'signed-out': ['authenticating', 'authenticated', '·', '·', '·', '·', '·'],
  error: ['authenticating', 'authenticated', '·', '·', 'anonymous', 'expired', 'signed-out'],
};

const states = Object.keys(expected) as AuthState[];
const follow = (...path: AuthFact[]): AuthState => path.reduce<AuthState>(transition, 'anonymous');

describe('transition', () => {
  for (const state of states) {
    for (const [i, fact] of facts.entries()) {
      const next = expected[state][i] === '·' ? state : expected[state][i];
      it(`${state} + ${fact} → ${next}`, () => {
        expect(transition(state, fact)).to.equal(next);
      });
    }
  }

  it('signs in', () => {
    expect(follow('asked', 'granted')).to.equal('authenticated');
  });
  it('keeps the session when a renewal fails', () => {
    expect(follow('asked', 'granted', 'renewing', 'failed')).to.equal('authenticated');
  });
  it('does not turn a sign-out into an expiry, whatever comes in late', () => {
    expect(follow('asked', 'granted', 'left', 'ended', 'failed', 'renewing', 'needs-visitor')).to.equal('signed-out');
  });
});
