import {expect} from '@open-wc/testing';
import type {Credential} from '../../../../src/credentials/credential.js';
import {SecureMapError} from '../../../../src/credentials/errors.js';
import {expectError, rejection} from '../../../doubles/rejection.js';
import {aCredential, never, ScriptedSource} from '../../../doubles/scripted-source.js';
import {settled} from '../../../doubles/test-environment.js';
import {open} from './setup.js';

const loginRequired = (): SecureMapError => new SecureMapError('login-required', 'Sign in.');

describe('credential()', () => {
  it('asks once for a hundred callers', async () => {
    const answer = Promise.withResolvers<Credential>();
    const source = new ScriptedSource(() => answer.promise);
    const {session, states} = open(source);
    const callers = Array.from({length: 100}, () => session.credential({origin: 'https://a.example'}));
    await settled();
    answer.resolve(aCredential('one'));
    const tokens = (await Promise.all(callers)).map(({token}) => token);
    expect(tokens).to.deep.equal(Array.from({length: 100}, () => 'one'));
    expect(source.reasons).to.deep.equal(['initial']);
    expect(source.asked[0]?.origin).to.equal('https://a.example');
    expect(states()).to.deep.equal(['authenticating', 'authenticated']);
  });

  it('asks once when a listener asks again in the same turn', async () => {
    const source = new ScriptedSource(() => aCredential('one'));
    const {session} = open(source);
    const nested: Promise<Credential>[] = [];
    session.subscribe(() => nested.push(session.credential()));
    await session.credential();
    await Promise.all(nested);
    expect(nested).to.have.length(3);
    expect(source.asked).to.have.length(1);
  });

  it('gives what it holds without asking again', async () => {
    const source = new ScriptedSource(() => aCredential('one', {lifetime: 60_000}));
    const {session} = open(source);
    const first = await session.credential();
    expect(await session.credential()).to.equal(first);
    expect(source.asked).to.have.length(1);
    expect(session.expiresAt).to.equal(first.expiresAt);
  });

  it('releases only the caller that gave up', async () => {
    const answer = Promise.withResolvers<Credential>();
    const source = new ScriptedSource(() => answer.promise);
    const {session} = open(source);
    const impatient = new AbortController();
    const gone = rejection(session.credential({signal: impatient.signal}));
    const patient = session.credential({signal: new AbortController().signal});
    const reason = new DOMException('panned away', 'AbortError');
    impatient.abort(reason);
    expect(await gone).to.equal(reason);
    expect(source.asked[0]?.signal.aborted).to.equal(false);
    answer.resolve(aCredential('one'));
    expect((await patient).token).to.equal('one');
    expect(source.asked).to.have.length(1);
  });

  it('asks nothing for a caller that gave up before', async () => {
    const source = new ScriptedSource(() => aCredential('one'));
    const {session} = open(source);
    await rejection(session.credential({signal: AbortSignal.abort()}));
    expect(source.asked).to.have.length(0);
  });

  it('does not wait for a source that never settles', async () => {
    const source = new ScriptedSource(() => never());
    const {session, environment, states} = open(source);
    const failure = rejection(session.credential());
    await environment.pass(29_999);
    expect(session.state).to.equal('authenticating');
    await environment.pass(1);
    expectError(await failure, 'source-timeout');
    expect(source.asked[0]?.signal.aborted).to.equal(true);
    expect(states()).to.deep.equal(['authenticating', 'error']);
  });

  it('takes whatever a source throws for passing trouble', async () => {
    const source = new ScriptedSource(() => new RangeError('oops'));
    const {session} = open(source);
    const error = expectError(await rejection(session.credential()), 'source-unreachable');
    expect(error.cause).to.be.instanceOf(RangeError);
  });

  it('survives a source that throws at once', async () => {
    const source = new ScriptedSource(() => {
      throw new RangeError('oops');
    });
    const {session} = open(source);
    expectError(await rejection(session.credential()), 'source-unreachable');
  });

  it('keeps the news from nobody when a listener throws', async () => {
    const {session} = open(new ScriptedSource(() => aCredential('one')));
    const fault = new Error('a fault of the page');
    const heard: string[] = [];
    const before = window.onerror;
    const reported = new Promise((resolve) => {
      window.onerror = (_message, _source, _line, _column, error) => {
        if (error === fault) resolve(error);
        return error === fault;
      };
    });
    session.subscribe((event) => {
      if (event.type === 'granted') throw fault;
    });
    session.subscribe(({type}) => heard.push(type));
    await session.credential();
    expect(heard).to.deep.equal(['state', 'state', 'granted']);
    await reported;
    window.onerror = before;
  });
});

describe('a visitor who has to sign in', () => {
  it('is asked for once, and requests fail at once', async () => {
    const source = new ScriptedSource(loginRequired);
    const {session, count, states} = open(source);
    for (const _ of [1, 2, 3]) expectError(await rejection(session.credential()), 'login-required');
    expect(source.asked).to.have.length(1);
    expect(count('required')).to.equal(1);
    expect(states()).to.deep.equal(['authenticating', 'anonymous']);
  });

  it('is waited for when the caller says so', async () => {
    const {session} = open(new ScriptedSource(loginRequired));
    const waiting = [1, 2, 3].map(() => session.credential({whileSignedOut: 'wait'}));
    await settled();
    session.supply(aCredential('supplied'));
    const tokens = (await Promise.all(waiting)).map(({token}) => token);
    expect(tokens).to.deep.equal(['supplied', 'supplied', 'supplied']);
  });

  it('may be helped in the very turn in which the need is told', async () => {
    const {session} = open(new ScriptedSource(loginRequired));
    session.subscribe(({type}) => {
      if (type === 'required') session.supply(aCredential('supplied'));
    });
    expect((await session.credential({whileSignedOut: 'wait'})).token).to.equal('supplied');
  });

  it('lets go of one that waits and gives up', async () => {
    const {session} = open(new ScriptedSource(loginRequired));
    const stop = new AbortController();
    const gone = rejection(session.credential({whileSignedOut: 'wait', signal: stop.signal}));
    await settled();
    stop.abort(new DOMException('gone', 'AbortError'));
    expect(await gone).to.equal(stop.signal.reason);
  });

  it('is waited for as well when the session is over for good', async () => {
    const {session} = open(new ScriptedSource(() => new SecureMapError('session-over', 'Over.')));
    const waiting = session.credential({whileSignedOut: 'wait'});
    await settled();
    expect(session.state).to.equal('expired');
    session.supply(aCredential('supplied'));
    expect((await waiting).token).to.equal('supplied');
  });

  it('is told why a sign-in by redirect came to nothing', async () => {
    const {session, events} = open(new ScriptedSource(() => new SecureMapError('login-refused', 'No.')));
    expectError(await rejection(session.credential()), 'login-refused');
    expect(events.map(({type}) => type)).to.deep.equal(['state', 'state', 'error', 'required']);
    expect(events.at(-1)).to.deep.equal({type: 'required', reason: 'login-refused'});
  });
});

describe('supply()', () => {
  it('wins over an answer that is under way, for everybody', async () => {
    const late = Promise.withResolvers<Credential>();
    const source = new ScriptedSource(() => late.promise);
    const {session} = open(source);
    const waiting = session.credential();
    await settled();
    session.supply(aCredential('supplied'));
    expect((await waiting).token).to.equal('supplied');
    expect(source.asked[0]?.signal.aborted).to.equal(true);
    late.resolve(aCredential('late'));
    await settled();
    expect((await session.credential()).token).to.equal('supplied');
  });

  it('is not undone by the failure of a renewal that began before', async () => {
    const late = Promise.withResolvers<Credential>();
    const source = new ScriptedSource((_, count) => (count === 1 ? aCredential('one') : late.promise));
    const {session, count} = open(source);
    const refused = session.replace(await session.credential());
    await settled();
    session.supply(aCredential('supplied'));
    late.reject(new SecureMapError('session-over', 'Over.'));
    expect((await refused)?.token).to.equal('supplied');
    expect(session.state).to.equal('authenticated');
    expect(count('over')).to.equal(0);
  });

  it('says whether it is the same user', async () => {
    const {session, events} = open(new ScriptedSource(loginRequired));
    for (const sub of [undefined, 'ann', 'ann', undefined, 'bob']) session.supply(aCredential('t', {sub}));
    const same = events.flatMap((event) => (event.type === 'granted' ? [event.sameUser] : []));
    expect(same).to.deep.equal([true, true, true, true, false]);
    const renewed = events.flatMap((event) => (event.type === 'granted' ? [event.renewed] : []));
    expect(renewed).to.deep.equal([false, true, true, true, true]);
    expect(session.user).to.deep.equal({sub: 'bob'});
  });
});
