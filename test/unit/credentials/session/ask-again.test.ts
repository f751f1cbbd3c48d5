import {expect} from '@open-wc/testing';
import {SecureMapError} from '../../../../src/credentials/errors.js';
import {expectError, rejection} from '../../../doubles/rejection.js';
import {aCredential, ScriptedSignIn, ScriptedSource} from '../../../doubles/scripted-source.js';
import {open, type Setup} from './setup.js';

const over = (): SecureMapError => new SecureMapError('session-over', 'Over.');
const trouble = (): SecureMapError => new SecureMapError('source-unreachable', 'Trouble.');

/** A session that its source has refused once, as a back end does where the visitor is not signed in. */
const refused = async (source = new ScriptedSource(over)): Promise<Setup & {readonly source: ScriptedSource}> => {
  const setup = open(source);
  await rejection(setup.session.credential());
  await rejection(setup.session.credential());
  expect(setup.session.state).to.equal('expired');
  return {...setup, source};
};

describe('a source that refused, where the page signs the visitor in', () => {
  it('is asked again by refresh()', async () => {
    const {session, source, states} = await refused();
    source.answer = () => aCredential('here');
    const waiting = session.credential({whileSignedOut: 'wait'});
    await session.refresh();
    expect((await waiting).token).to.equal('here');
    expect(states()).to.deep.equal(['authenticating', 'expired', 'authenticated']);
  });

  it('is asked again on waking, once in five seconds', async () => {
    const {session, source, environment} = await refused();
    await environment.wake();
    await environment.wake();
    expect(source.reasons).to.deep.equal(['initial', 'initial']);
    await environment.pass(5_000);
    expect(source.asked).to.have.length(2);
    source.answer = () => aCredential('here');
    await environment.wake();
    expect(session.state).to.equal('authenticated');
    await environment.pass(5_000);
    await environment.wake();
    expect(source.asked).to.have.length(3);
  });

  it('tells nothing of a try that brought nothing', async () => {
    const {session, source, environment, events} = await refused();
    const before = [...events];
    for (const answer of [over, trouble, () => new SecureMapError('login-required', 'Set it again.')]) {
      source.answer = answer;
      await environment.wake();
      expectError(await rejection(session.refresh()), answer().code);
      await environment.pass(60_000);
    }
    expect(events).to.deep.equal(before);
    expect(source.asked).to.have.length(7);
    expectError(await rejection(session.credential()), 'login-required');
  });

  it('is not asked after a sign-out, nor where the visitor can sign in', async () => {
    const left = await refused();
    await left.session.logout({everywhere: false, mode: 'popup'});
    const withSignIn = await refused(new ScriptedSignIn(over));
    for (const {session, environment, source} of [left, withSignIn]) {
      await environment.wake();
      expectError(await rejection(session.refresh()), 'login-required');
      expect(source.asked).to.have.length(1);
    }
  });
});
