import {expect} from '@open-wc/testing';
import type {Credential} from '../../../../src/credentials/credential.js';
import {SecureMapError} from '../../../../src/credentials/errors.js';
import {expectError, rejection} from '../../../doubles/rejection.js';
import {aCredential, ScriptedSignIn, ScriptedSource} from '../../../doubles/scripted-source.js';
import {settled} from '../../../doubles/test-environment.js';
import {open, type Setup} from './setup.js';

const loginRequired = (): SecureMapError => new SecureMapError('login-required', 'Sign in.');
const popup = {everywhere: false, mode: 'popup'} as const;
const waits = {whileSignedOut: 'wait'} as const;

const sameUsers = ({events}: Setup): boolean[] =>
  events.flatMap((event) => (event.type === 'granted' ? [event.sameUser] : []));

const signedIn = async (): Promise<Setup & {readonly source: ScriptedSignIn; readonly anna: Credential}> => {
  const source = new ScriptedSignIn(loginRequired);
  const setup = open(source);
  setup.session.supply(aCredential('anna-1', {sub: 'anna'}));
  return {...setup, source, anna: await setup.session.credential()};
};

/** A session whose credential a server has refused, with nothing to renew it. */
const expired = async (sub?: string): Promise<Setup> => {
  const setup = open(new ScriptedSource(loginRequired));
  setup.session.supply(aCredential('one', {sub}));
  await rejection(setup.session.replace(await setup.session.credential()));
  expect(setup.session.state).to.equal('expired');
  return setup;
};

describe('an unknown user', () => {
  it('is the same one when the token is set again, and nobody knows who after a sign-out', async () => {
    const setup = open(new ScriptedSource(loginRequired));
    setup.session.supply(aCredential('one'));
    setup.session.supply(aCredential('two'));
    await setup.session.logout(popup);
    setup.session.supply(aCredential('three'));
    setup.session.supply(aCredential('four'));
    expect(sameUsers(setup)).to.deep.equal([true, true, false, true]);
  });

  it('is nobody knows who after the session ended', async () => {
    const setup = await expired();
    const {era} = setup.session;
    setup.session.supply(aCredential('two'));
    expect(sameUsers(setup)).to.deep.equal([true, false]);
    expect(setup.session.era).not.to.equal(era);
  });

  it('does not lend a name to who comes next', async () => {
    const setup = await expired('anna');
    setup.session.supply(aCredential('unknown'));
    await setup.session.logout(popup);
    setup.session.supply(aCredential('anna-2', {sub: 'anna'}));
    expect(sameUsers(setup)).to.deep.equal([true, false, false]);
  });

  it('is the same one when the name is known, also after the session ended', async () => {
    const setup = await expired('anna');
    setup.session.supply(aCredential('two', {sub: 'anna'}));
    expect(sameUsers(setup)).to.deep.equal([true, true]);
  });
});

describe('the era of a session', () => {
  it('changes with a sign-out and with another visitor only', async () => {
    const {session} = await signedIn();
    const eras = [session.era];
    session.supply(aCredential('anna-2', {sub: 'anna'}));
    eras.push(session.era);
    session.supply(aCredential('bob', {sub: 'bob'}));
    eras.push(session.era);
    await session.logout(popup);
    eras.push(session.era);
    expect(eras.map((era) => eras.indexOf(era))).to.deep.equal([0, 0, 2, 3]);
  });
});

describe('a request of one visitor', () => {
  it('is rejected at their sign-out, and not sent as the next one', async () => {
    const setup = await expired('anna');
    const waiting = rejection(setup.session.credential(waits));
    await settled();
    await setup.session.logout(popup);
    expectError(await waiting, 'login-required');
  });

  it('is rejected when they sign out while it waits for a renewal', async () => {
    const {session, source, anna} = await signedIn();
    const renewal = Promise.withResolvers<Credential>();
    source.answer = () => renewal.promise;
    const replaced = rejection(session.replace(anna, waits));
    await settled();
    const done = session.logout(popup);
    session.supply(aCredential('bob', {sub: 'bob'}));
    expectError(await replaced, 'login-required');
    await done;
  });

  it('is rejected when somebody else signs in after an expiry', async () => {
    const {session} = await expired('anna');
    const waiting = rejection(session.credential(waits));
    await settled();
    session.supply(aCredential('bob', {sub: 'bob'}));
    expectError(await waiting, 'login-required');
  });

  it('is not sent again as the next one when the refusal comes in late', async () => {
    const {session, source, anna} = await signedIn();
    await session.logout(popup);
    session.supply(aCredential('bob', {sub: 'bob'}));
    for (const request of [{}, waits]) {
      expectError(await rejection(session.replace(anna, request)), 'login-required');
      expectError(await rejection(session.credential({...request, after: anna})), 'login-required');
    }
    expect((await session.credential()).token).to.equal('bob');
    expect(source.asked).to.have.length(0);
  });

  it('goes on with the next credential of the same visitor, known or not', async () => {
    for (const sub of ['anna', undefined]) {
      const {session} = await expired(sub);
      const waiting = session.credential(waits);
      await settled();
      session.supply(aCredential('two', {sub}));
      expect((await waiting).token).to.equal('two');
    }
  });

  it('goes on with whoever signs in when it was made after the sign-out', async () => {
    const {session} = await signedIn();
    await session.logout(popup);
    const waiting = session.credential(waits);
    await settled();
    session.supply(aCredential('bob', {sub: 'bob'}));
    expect((await waiting).token).to.equal('bob');
  });
});
