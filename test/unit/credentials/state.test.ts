import {expect} from '@open-wc/testing';
import {transition, type AuthFact, type AuthState} from '../../../src/credentials/state.js';

const follow = (...facts: AuthFact[]): AuthState => facts.reduce<AuthState>(transition, 'anonymous');

describe('transition', () => {
  it('signs in', () => expect(follow('asked', 'granted')).to.equal('authenticated'));
  it('keeps the session when a renewal fails', () =>
    expect(follow('asked', 'granted', 'renewing', 'failed')).to.equal('authenticated'));
  it('ends when the grant is gone', () => expect(follow('asked', 'granted', 'renewing', 'ended')).to.equal('expired'));
  it('does not turn a sign-out into an expiry', () =>
    expect(follow('asked', 'granted', 'left', 'ended')).to.equal('signed-out'));
  it('does not renew for somebody who signed out', () =>
    expect(follow('asked', 'granted', 'left', 'renewing')).to.equal('signed-out'));
});
