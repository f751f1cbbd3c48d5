import {expect} from '@open-wc/testing';
import type {Credential} from '../../../../src/credentials/credential.js';
import {SecureMapError} from '../../../../src/credentials/errors.js';
import {expectError, rejection} from '../../../doubles/rejection.js';
import {aCredential, never, ScriptedSignIn, ScriptedSource} from '../../../doubles/scripted-source.js';
import {settled} from '../../../doubles/test-environment.js';
import {open, type Setup} from './setup.js';

const loginRequired = (): SecureMapError => new SecureMapError('login-required', 'Sign in.');
const popup = {mode: 'popup'} as const;

const closed = (): Setup & {readonly source: ScriptedSignIn} => {
  const source = new ScriptedSignIn(loginRequired);
  return {...open(source), source};
};

describe('login()', () => {
  it('opens its window in the turn of the click, and only then tells', async () => {
    const {session, source, states} = closed();
    const seen: string[] = [];
    source.onSignIn = () => {
      seen.push(...states(), 'opened');
      return aCredential('signed-in', {sub: 'ann'});
    };
    const done = session.login(popup);
    expect(seen).to.deep.equal(['opened']);
    expect(states()).to.deep.equal(['authenticating']);
    expect((await done).token).to.equal('signed-in');
    expect(states()).to.deep.equal(['authenticating', 'authenticated']);
    expect(session.user).to.deep.equal({sub: 'ann'});
  });

  it('is one at a time', async () => {
    const {session, source} = closed();
    const answer = Promise.withResolvers<Credential>();
    source.onSignIn = () => answer.promise;
    const stop = new AbortController();
    const first = session.login(popup);
    const second = rejection(session.login({...popup, signal: stop.signal}));
    stop.abort(new DOMException('not I', 'AbortError'));
    expect(await second).to.equal(stop.signal.reason);
    answer.resolve(aCredential('signed-in'));
    expect((await first).token).to.equal('signed-in');
    expect((await session.login(popup)).token).to.equal('signed-in');
    expect(source.signIns).to.have.length(1);
  });

  it('is one at a time even when a listener asks for it in the same turn', async () => {
    const {session, source} = closed();
    session.subscribe(({type}) => {
      if (type === 'state') void session.login(popup);
    });
    await session.login(popup);
    expect(source.signIns).to.have.length(1);
  });

  for (const code of ['login-cancelled', 'login-blocked', 'login-timeout', 'login-refused'] as const) {
    it(`leaves the state as it was after ${code}, and may be tried again`, async () => {
      const {session, source, states} = closed();
      source.onSignIn = () => new SecureMapError(code, 'No.');
      expectError(await rejection(session.login(popup)), code);
      expect(states()).to.deep.equal(['authenticating', 'anonymous']);
      source.onSignIn = () => aCredential('signed-in');
      await session.login(popup);
      expect(session.state).to.equal('authenticated');
    });
  }

  it('goes back to expired, and to signed-out, when it is cancelled there', async () => {
    const {session, source} = closed();
    await session.login(popup);
    source.answer = () => new SecureMapError('session-over', 'Over.');
    await rejection(session.refresh());
    source.onSignIn = () => new SecureMapError('login-cancelled', 'No.');
    await rejection(session.login(popup));
    expect(session.state).to.equal('expired');
    await session.logout({everywhere: false, mode: 'popup'});
    await rejection(session.login(popup));
    expect(session.state).to.equal('signed-out');
  });

  it('goes back to error, and the source is tried again', async () => {
    const {session, source, environment} = closed();
    source.answer = () => new SecureMapError('source-unreachable', 'Trouble.');
    await rejection(session.credential());
    const answer = Promise.withResolvers<Credential>();
    source.onSignIn = () => answer.promise;
    const login = rejection(session.login(popup));
    await environment.pass(5_000);
    answer.reject(new SecureMapError('login-cancelled', 'No.'));
    expectError(await login, 'login-cancelled');
    expect(session.state).to.equal('error');
    source.answer = () => aCredential('here');
    await environment.pass(1_000);
    expect(session.state).to.equal('authenticated');
  });

  it('is told to the source by the abort of the caller, and settles though the source does not', async () => {
    const {session, source} = closed();
    source.onSignIn = () => never();
    const stop = new AbortController();
    const login = rejection(session.login({...popup, signal: stop.signal}));
    const reason = new SecureMapError('login-cancelled', 'The visitor cancelled.');
    stop.abort(reason);
    expect(await login).to.equal(reason);
    expect(source.signIns[0]?.signal.aborted).to.equal(true);
    expect(session.state).to.equal('anonymous');
  });

  it('calls any other abort a cancelled sign-in, and opens no window for a caller that gave up before', async () => {
    const {session, source} = closed();
    const signal = AbortSignal.abort();
    expectError(await rejection(session.login({...popup, signal})), 'login-cancelled');
    expect(source.signIns).to.have.length(0);
    expect(session.state).to.equal('anonymous');
  });

  it('is not disturbed by what the source says meanwhile', async () => {
    const {session, source, states} = closed();
    const quiet = Promise.withResolvers<Credential>();
    const answer = Promise.withResolvers<Credential>();
    source.answer = () => quiet.promise;
    source.onSignIn = () => answer.promise;
    const asked = rejection(session.credential());
    await settled();
    const login = session.login(popup);
    quiet.reject(loginRequired());
    expectError(await asked, 'login-required');
    expect(session.state).to.equal('authenticating');
    answer.resolve(aCredential('signed-in'));
    await login;
    expect(states()).to.deep.equal(['authenticating', 'authenticated']);
  });

  it('continues all that wait, and ends the wait for an older answer', async () => {
    const {session, source} = closed();
    const waiting = session.credential({whileSignedOut: 'wait'});
    await settled();
    await session.login(popup);
    expect((await waiting).token).to.equal('signed-in');
    expect(source.asked).to.have.length(1);
  });

  it('tells before the page is left', async () => {
    const {session, source, events} = closed();
    source.onSignIn = () => never();
    const stop = new AbortController();
    const login = rejection(session.login({mode: 'redirect', signal: stop.signal}));
    expect(events.map(({type}) => type)).to.deep.equal(['state', 'leaving']);
    expect(source.signIns[0]?.mode).to.equal('redirect');
    stop.abort();
    expectError(await login, 'login-cancelled');
  });

  it('ends with the last listener: no timer, no window, no state of its own', async () => {
    const {session, source, environment, leave} = closed();
    source.onSignIn = () => never();
    const other = session.subscribe(() => undefined);
    const login = rejection(session.login(popup));
    leave();
    expect(source.signIns[0]?.signal.aborted).to.equal(false);
    other();
    expect(source.signIns[0]?.signal.aborted).to.equal(true);
    expectError(await login, 'login-cancelled');
    expect(session.state).to.equal('anonymous');
    expect(environment.pending).to.deep.equal({timers: 0, wakers: 0});
  });

  it('takes no answer that comes in after it was cancelled', async () => {
    const {session, source, leave} = closed();
    const answer = Promise.withResolvers<Credential>();
    source.onSignIn = () => answer.promise;
    const login = rejection(session.login(popup));
    leave();
    answer.resolve(aCredential('late'));
    expectError(await login, 'login-cancelled');
    expect(session.state).to.equal('anonymous');
    expect(session.expiresAt).to.equal(undefined);
  });

  it('does not let a session that expired before expire once more while its window is open', async () => {
    const {session, source, environment, count} = closed();
    source.onSignIn = () => aCredential('short', {lifetime: 60_000});
    await session.login(popup);
    await environment.pass(60_000);
    expect(session.state).to.equal('expired');
    source.onSignIn = () => never();
    const stop = new AbortController();
    const login = rejection(session.login({...popup, signal: stop.signal}));
    await environment.pass(60_000);
    await environment.wake();
    expect(session.state).to.equal('authenticating');
    stop.abort();
    await login;
    expect(session.state).to.equal('expired');
    expect(count('over')).to.equal(1);
  });
});

describe('login() where the page alone can help', () => {
  it('asks the page again', async () => {
    const source = new ScriptedSource((_, count) => (count === 1 ? loginRequired() : aCredential('now')));
    const {session, states} = open(source);
    await rejection(session.credential());
    expect((await session.login(popup)).token).to.equal('now');
    expect(source.reasons).to.deep.equal(['initial', 'initial']);
    expect(states()).to.deep.equal(['authenticating', 'anonymous', 'authenticating', 'authenticated']);
    expect(session.canSignIn).to.equal(false);
  });

  it('goes back to what it was when the page has nothing', async () => {
    const source = new ScriptedSource((_, count) => (count === 1 ? aCredential('one') : loginRequired()));
    const {session, states, count} = open(source);
    await rejection(session.replace(await session.credential()));
    expect(session.state).to.equal('expired');
    expectError(await rejection(session.login(popup)), 'login-required');
    expect(states().slice(-3)).to.deep.equal(['expired', 'authenticating', 'expired']);
    expect(count('required')).to.equal(0);
  });
});

describe('logout()', () => {
  const everywhere = {everywhere: true, mode: 'popup'} as const;

  it('forgets and calls the source in the same turn', async () => {
    const {session, source, environment, states} = closed();
    source.onSignIn = () => aCredential('signed-in', {lifetime: 300_000, sub: 'ann'});
    await session.login(popup);
    const done = session.logout(everywhere);
    expect(source.ends).to.have.length(1);
    expect(source.ends[0]).to.include(everywhere);
    expect([session.state, session.user, session.expiresAt]).to.deep.equal(['signed-out', undefined, undefined]);
    expect(environment.pending.timers).to.equal(0);
    await done;
    expect(states().at(-1)).to.equal('signed-out');
  });

  it('voids an answer that is under way', async () => {
    const {session, source, states, count} = closed();
    const answer = Promise.withResolvers<Credential>();
    source.answer = () => answer.promise;
    const asked = rejection(session.credential());
    await settled();
    const done = session.logout(everywhere);
    expect(source.asked[0]?.signal.aborted).to.equal(true);
    answer.resolve(aCredential('late'));
    expectError(await asked, 'login-required');
    await done;
    expect([session.state, session.expiresAt, count('granted')]).to.deep.equal(['signed-out', undefined, 0]);
    expect(states()).to.deep.equal(['authenticating', 'signed-out']);
  });

  it('voids an answer that came in the same turn', async () => {
    const {session, source, count} = closed();
    const answer = Promise.withResolvers<Credential>();
    source.answer = () => answer.promise;
    const asked = rejection(session.credential());
    await settled();
    answer.resolve(aCredential('late'));
    const done = session.logout(everywhere);
    expectError(await asked, 'login-required');
    await done;
    expect(count('granted')).to.equal(0);
    expectError(await rejection(session.credential()), 'login-required');
  });

  it('is never undone by an answer, however close they come', async () => {
    for (let steps = 0; steps < 12; steps += 1) {
      const {session, source, events} = closed();
      const answer = Promise.withResolvers<Credential>();
      source.answer = () => answer.promise;
      const asked = session.credential().catch(() => undefined);
      await settled();
      answer.resolve(aCredential('late'));
      for (let i = 0; i < steps; i += 1) await Promise.resolve();
      const done = session.logout(everywhere);
      await Promise.all([asked, done]);
      await settled();
      expect([session.state, session.user, steps]).to.deep.equal(['signed-out', undefined, steps]);
      expect(events.at(-1)).to.deep.include({type: 'state', state: 'signed-out'});
    }
  });

  it('is not undone by a failure that comes in late', async () => {
    const {session, source, count} = closed();
    const answer = Promise.withResolvers<Credential>();
    source.answer = () => answer.promise;
    const asked = rejection(session.credential());
    await settled();
    await session.logout(everywhere);
    answer.reject(new SecureMapError('source-unreachable', 'Trouble.'));
    await asked;
    expect(session.state).to.equal('signed-out');
    expect(count('error')).to.equal(0);
  });

  it('cancels a sign-in under way; the next may begin in the same turn', async () => {
    const {session, source} = closed();
    source.onSignIn = () => never();
    const first = rejection(session.login(popup));
    const done = session.logout(everywhere);
    source.onSignIn = () => aCredential('second');
    const second = session.login(popup);
    expectError(await first, 'login-cancelled');
    expect((await second).token).to.equal('second');
    await done;
    expect(session.state).to.equal('authenticated');
  });

  it('never fails, whatever the source does', async () => {
    const {session, source} = closed();
    await session.login(popup);
    source.onEnd = () => Promise.reject(new Error('revocation failed'));
    await session.logout(everywhere);
    source.onEnd = () => {
      throw new Error('at once');
    };
    await session.logout(everywhere);
    expect(session.state).to.equal('signed-out');
  });

  it('tells what the source could not do', async () => {
    const {session, source, events} = closed();
    await session.login(popup);
    const failure = new SecureMapError('source-unreachable', 'No answer.');
    source.onEnd = () => Promise.reject(failure);
    await session.logout(everywhere);
    expect(events.at(-1)).to.deep.equal({type: 'error', error: failure});
    expect(session.state).to.equal('signed-out');
  });

  it('does not tell of what the next sign-out cut short', async () => {
    const {session, source, count} = closed();
    await session.login(popup);
    source.onEnd = ({signal}) =>
      new Promise((resolve, reject) => {
        if (source.ends.length === 2) resolve();
        else signal.addEventListener('abort', () => reject(signal.reason));
      });
    await Promise.all([session.logout(everywhere), session.logout(everywhere)]);
    expect(count('error')).to.equal(0);
  });

  it('asks the source for nothing afterwards until somebody signs in', async () => {
    const {session, source, environment, events} = closed();
    source.onSignIn = () => aCredential('signed-in', {lifetime: 60_000});
    await session.login(popup);
    await session.logout(everywhere);
    await environment.pass(600_000);
    await environment.wake();
    expectError(await rejection(session.credential()), 'login-required');
    expectError(await rejection(session.refresh()), 'login-required');
    expect(source.asked).to.have.length(0);
    // Not `initial`: a page that signs in by itself at the start must not do so right after the sign-out.
    expect(events.filter(({type}) => type === 'required')).to.deep.equal([{type: 'required', reason: 'signed-out'}]);
  });

  it('lets a late refusal of the old credential renew nothing', async () => {
    const {session, source} = closed();
    const old = await session.login(popup);
    await session.logout(everywhere);
    expectError(await rejection(session.replace(old)), 'login-required');
    expect(source.asked).to.have.length(0);
  });

  it('is no expiry', async () => {
    const {session, count} = closed();
    await session.login(popup);
    await session.logout(everywhere);
    expect(count('over')).to.equal(0);
  });
});

describe('a sign-in by redirect that comes back', () => {
  it('is finished before any request wants it', async () => {
    const source = Object.assign(new ScriptedSignIn(() => aCredential('back')), {isResuming: true});
    const {session} = open(source);
    await settled();
    expect(source.reasons).to.deep.equal(['initial']);
    expect(session.state).to.equal('authenticated');
  });
});
