import {expect} from '@open-wc/testing';
import type {Credential} from '../../../../src/credentials/credential.js';
import {SecureMapError} from '../../../../src/credentials/errors.js';
import {expectError, rejection} from '../../../doubles/rejection.js';
import {unhandledDuring} from '../../../doubles/unhandled.js';
import {aCredential, ScriptedSource} from '../../../doubles/scripted-source.js';
import {settled, START, type TestEnvironment} from '../../../doubles/test-environment.js';
import {open, type Setup} from './setup.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const trouble = (retryAfter?: number): SecureMapError =>
  new SecureMapError('source-unreachable', 'Trouble.', {retryAfter});

/** A source whose credentials last for `lifetime` from when they are asked for: `t1`, `t2`, … */
const fresh = (lifetime: number): Setup & {readonly source: ScriptedSource} => {
  let clock: TestEnvironment | undefined;
  const source = new ScriptedSource((_, count) => aCredential(`t${count}`, {lifetime, now: clock?.now() ?? START}));
  const setup = open(source);
  clock = setup.environment;
  return {...setup, source};
};

describe('renewal by the clock', () => {
  it('is ahead of the end, once per lifetime', async () => {
    const {session, environment, source, states, count} = fresh(300_000);
    await session.credential();
    await environment.pass(239_999);
    expect(source.asked).to.have.length(1);
    await environment.pass(1);
    expect(source.reasons).to.deep.equal(['initial', 'expiring']);
    expect(states()).to.deep.equal(['authenticating', 'authenticated', 'refreshing', 'authenticated']);
    expect(count('granted')).to.equal(2);
    await environment.pass(10 * 240_000);
    expect(source.asked).to.have.length(12);
  });

  it('makes ten renewals in five minutes with a minute of life', async () => {
    const {session, environment, source} = fresh(60_000);
    await session.credential();
    await environment.pass(300_000);
    expect(source.asked).to.have.length(11);
  });

  it('makes at most sixteen requests in five minutes with 45 seconds of life and the worst luck', async () => {
    const {session, environment, source} = fresh(45_000);
    environment.luck = 1;
    await session.credential();
    await environment.pass(300_000);
    expect(source.asked.length).to.equal(1 + Math.floor(300_000 / 20_250));
  });

  for (const lifetime of [0, 1, 500, 3_000, 8_000]) {
    it(`is no storm with a lifetime of ${lifetime} ms`, async () => {
      const {session, environment, source} = fresh(lifetime);
      await session.credential();
      await environment.pass(60_000);
      expect(source.asked).to.have.length(11);
    });

    it(`is no storm either when requests come all the time, with ${lifetime} ms`, async () => {
      const {session, environment, source} = fresh(lifetime);
      for (let i = 0; i < 600; i += 1) {
        await session.credential();
        await environment.pass(100);
      }
      expect(source.asked.length).to.be.within(11, 12);
    });
  }

  it('looks at the clock on a short tick: a jump ahead is seen within ten seconds', async () => {
    const {session, environment, source} = fresh(HOUR);
    await session.credential();
    environment.jump(HOUR);
    await environment.pass(10_000);
    expect(source.reasons).to.deep.equal(['initial', 'expiring']);
  });

  it('does not trust its dates once the clock was turned back by a day', async () => {
    const {session, environment, source} = fresh(HOUR);
    await session.credential();
    await environment.pass(1_000);
    environment.jump(-DAY);
    await environment.pass(10_000);
    expect(source.reasons).to.deep.equal(['initial', 'expiring']);
    await environment.pass(HOUR / 2);
    expect(source.asked).to.have.length(2);
  });

  it('does so for the next request too', async () => {
    const {session, environment, source} = fresh(HOUR);
    await session.credential();
    environment.jump(-DAY);
    expect((await session.credential()).token).to.equal('t2');
    expect(source.asked).to.have.length(2);
  });

  it('is not put off by a small correction of the clock', async () => {
    const {session, environment, source} = fresh(HOUR);
    await session.credential();
    environment.jump(-30_000);
    await environment.pass(10_000);
    expect((await session.credential()).token).to.equal('t1');
    expect(source.asked).to.have.length(1);
  });

  it('waits for no answer when nobody said how long it lasts', async () => {
    const source = new ScriptedSource(() => aCredential('forever'));
    const {session, environment} = open(source);
    await session.credential();
    expect(environment.pending.timers).to.equal(0);
    await environment.pass(30 * DAY);
    await session.credential();
    expect(source.asked).to.have.length(1);
  });
});

describe('a credential that ran out while the machine slept', () => {
  it('is renewed before the next request is sent', async () => {
    const {session, environment, source} = fresh(300_000);
    await session.credential();
    environment.jump(HOUR);
    const [a, b] = await Promise.all([session.credential(), session.credential()]);
    expect([a.token, b.token]).to.deep.equal(['t2', 't2']);
    expect(source.reasons).to.deep.equal(['initial', 'expiring']);
  });

  it('is renewed on waking, before anybody asks', async () => {
    const {session, environment, source} = fresh(300_000);
    await session.credential();
    environment.jump(HOUR);
    await environment.wake();
    expect(source.reasons).to.deep.equal(['initial', 'expiring']);
  });

  it('is never sent while the renewal fails', async () => {
    const {session, environment, source} = fresh(300_000);
    await session.credential();
    source.answer = () => trouble();
    environment.jump(HOUR);
    expectError(await rejection(session.credential()), 'source-unreachable');
    const {retryAfter} = expectError(await rejection(session.credential()), 'source-unreachable');
    expect(retryAfter).to.equal(1_000);
    expect(source.asked).to.have.length(2);
    expect(session.state).to.equal('authenticated');
  });
});

describe('passing trouble', () => {
  it('is met with tries after 1, 2, 4 … 60 seconds, and never ends the session', async () => {
    const {session, environment, source, count, states} = fresh(300_000);
    await session.credential();
    const times: number[] = [];
    source.answer = () => {
      times.push(environment.now());
      return trouble();
    };
    await environment.pass(HOUR);
    const gaps = times.slice(1, 11).map((time, i) => (time - (times[i] ?? 0)) / 1000);
    expect(gaps).to.deep.equal([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    expect(session.state).to.equal('authenticated');
    expect(count('over')).to.equal(0);
    expect(states()).not.to.contain('expired');
    source.answer = () => aCredential('again', {lifetime: 300_000, now: environment.now()});
    await environment.pass(60_000);
    expect((await session.credential()).token).to.equal('again');
  });

  it('is spread by 10 % to either side', async () => {
    for (const [luck, delay] of [
      [0, 900],
      [1, 1_100],
    ] as const) {
      const {session, environment, source} = fresh(300_000);
      environment.luck = luck;
      source.answer = () => trouble();
      await rejection(session.credential());
      await environment.pass(delay - 1);
      expect(source.asked).to.have.length(1);
      await environment.pass(1);
      expect(source.asked).to.have.length(2);
    }
  });

  it('at the start is told as an error, and tried again', async () => {
    const source = new ScriptedSource((_, count) => (count < 3 ? trouble() : aCredential('here')));
    const {session, environment, states, count} = open(source);
    expectError(await rejection(session.credential()), 'source-unreachable');
    expect(session.state).to.equal('error');
    await environment.pass(3_000);
    expect(source.reasons).to.deep.equal(['initial', 'initial', 'initial']);
    expect(states().at(-1)).to.equal('authenticated');
    expect(count('error')).to.equal(2);
  });

  it('is tried again at once on waking', async () => {
    const {session, environment, source} = fresh(300_000);
    source.answer = () => trouble();
    await rejection(session.credential());
    for (let i = 0; i < 5; i += 1) await environment.pass(60_000);
    const before = source.asked.length;
    await environment.pass(1_000);
    expect(source.asked).to.have.length(before);
    await environment.wake();
    expect(source.asked).to.have.length(before + 1);
  });

  it('waits for as long as the other side asked for', async () => {
    const {session, environment, source} = fresh(300_000);
    source.answer = () => trouble(120_000);
    const error = expectError(await rejection(session.credential()), 'source-unreachable');
    expect(error.retryAfter).to.equal(120_000);
    await environment.pass(119_999);
    await environment.wake();
    expect(expectError(await rejection(session.credential()), 'source-unreachable').retryAfter).to.equal(1);
    expect(source.asked).to.have.length(1);
    await environment.pass(1);
    expect(source.asked).to.have.length(2);
  });

  it('does not wait for a year', async () => {
    const {session, environment, source} = fresh(300_000);
    source.answer = () => trouble(365 * DAY);
    await rejection(session.credential());
    await environment.pass(HOUR - 1);
    expect(source.asked).to.have.length(1);
    await environment.pass(1);
    expect(source.asked).to.have.length(2);
  });

  it('does not wait for a day because the clock was turned back by one', async () => {
    const {session, environment, source} = fresh(300_000);
    source.answer = () => trouble();
    await rejection(session.credential());
    environment.jump(-DAY);
    source.answer = () => aCredential('here', {now: environment.now()});
    expect((await session.credential()).token).to.equal('here');
  });

  it('is tried again at once by refresh()', async () => {
    const {session, source} = fresh(300_000);
    source.answer = () => trouble(120_000);
    await rejection(session.credential());
    source.answer = () => aCredential('here');
    await session.refresh();
    expect(session.state).to.equal('authenticated');
  });
});

describe('replace()', () => {
  const refusable = (answer?: () => Credential | SecureMapError): Setup & {readonly source: ScriptedSource} => {
    const source = new ScriptedSource((_, count) =>
      count === 1 ? aCredential('old') : (answer?.() ?? aCredential(`t${count}`)),
    );
    return {...open(source), source};
  };

  it('renews once for sixteen refusals at a time', async () => {
    const {session, source} = refusable();
    const old = await session.credential();
    const all = await Promise.all(Array.from({length: 16}, () => session.replace(old)));
    expect(all.map((each) => each?.token)).to.deep.equal(Array.from({length: 16}, () => 't2'));
    expect(source.reasons).to.deep.equal(['initial', 'unauthorized']);
    expect(source.asked[1]?.rejected).to.equal(old);
  });

  it('renews once for sixteen refusals that come in one after the other, the last long after', async () => {
    const {session, source, environment} = refusable();
    const old = await session.credential();
    for (let i = 0; i < 16; i += 1) {
      expect((await session.replace(old))?.token).to.equal('t2');
      await environment.pass(i < 8 ? 10 : 20_000);
    }
    expect(source.asked).to.have.length(2);
  });

  it('tells the source whose request was refused', async () => {
    const {session, source} = refusable();
    await session.replace(await session.credential(), {origin: 'https://tiles.example'});
    expect(source.asked[1]?.origin).to.equal('https://tiles.example');
  });

  it('does not ask again and again for a server that refuses everything', async () => {
    const {session, source, environment} = refusable();
    for (let i = 0; i < 600; i += 1) {
      await session.replace(await session.credential());
      await environment.pass(100);
    }
    expect(source.asked).to.have.length(1 + 10);
  });

  it('ends the session when the source gives the refused token again', async () => {
    const {session, events, states} = refusable(() => aCredential('old'));
    const old = await session.credential();
    expectError(await rejection(session.replace(old)), 'session-over');
    expect(states().at(-1)).to.equal('expired');
    expect(events.filter(({type}) => type === 'over')).to.deep.equal([{type: 'over', reason: 'token-refused'}]);
    expectError(await rejection(session.credential()), 'login-required');
    expect(events.at(-1)).to.deep.equal({type: 'required', reason: 'expired'});
  });

  it('keeps the session when the renewal meets passing trouble', async () => {
    const {session, source, count} = refusable(() => trouble());
    const old = await session.credential();
    const outcomes = await Promise.allSettled(Array.from({length: 16}, () => session.replace(old)));
    expect(outcomes.filter(({status}) => status === 'rejected')).to.have.length(1);
    expect(outcomes.filter((each) => each.status === 'fulfilled' && each.value === undefined)).to.have.length(15);
    expect(source.asked).to.have.length(2);
    expect(session.state).to.equal('authenticated');
    expect(count('over')).to.equal(0);
  });

  it('is tried again by the clock after passing trouble, until there is another one', async () => {
    const {session, source, environment} = refusable(() => trouble());
    const old = await session.credential();
    expectError(await rejection(session.replace(old)), 'source-unreachable');
    await environment.pass(999);
    expect(source.asked).to.have.length(2);
    await environment.pass(1);
    expect(source.reasons).to.deep.equal(['initial', 'unauthorized', 'unauthorized']);
    expect(source.asked[2]?.rejected).to.equal(old);
    source.answer = () => aCredential('new');
    await environment.pass(2_000);
    expect((await session.credential()).token).to.equal('new');
    await environment.pass(HOUR);
    expect(source.asked).to.have.length(4);
  });

  it('asks anew when what was under way brought nothing better', async () => {
    const ahead = Promise.withResolvers<Credential>();
    const {session, source} = refusable();
    const old = await session.credential();
    source.answer = ({reason}) => (reason === 'expiring' ? ahead.promise : aCredential('new'));
    const refreshed = session.refresh();
    const replaced = Promise.all([session.replace(old), session.replace(old)]);
    ahead.resolve(aCredential('old'));
    await refreshed;
    expect((await replaced).map((each) => each?.token)).to.deep.equal(['new', 'new']);
    expect(source.reasons).to.deep.equal(['initial', 'expiring', 'unauthorized']);
  });

  it('releases a caller that gave up, before and meanwhile, and leaves no rejection behind', async () => {
    const {session, source} = refusable();
    const old = await session.credential();
    const answer = Promise.withResolvers<Credential>();
    source.answer = () => answer.promise;
    const unhandled = await unhandledDuring(async () => {
      const stop = new AbortController();
      const meanwhile = rejection(session.replace(old, {signal: stop.signal}));
      await settled();
      stop.abort(new DOMException('gone', 'AbortError'));
      expect(await meanwhile).to.equal(stop.signal.reason);
      expect(await rejection(session.replace(old, {signal: stop.signal}))).to.equal(stop.signal.reason);
      answer.reject(trouble());
      await settled();
    });
    expect(unhandled).to.deep.equal([]);
    expect(source.asked).to.have.length(2);
  });

  it('asks nothing for a caller that gave up before', async () => {
    const {session, source} = refusable(() => trouble());
    const old = await session.credential();
    const unhandled = await unhandledDuring(async () => {
      await rejection(session.replace(old, {signal: AbortSignal.abort()}));
      await settled();
    });
    expect(unhandled).to.deep.equal([]);
    expect(source.asked).to.have.length(1);
  });
});

describe('a given token that nobody can renew', () => {
  const given = async (): Promise<Setup & {readonly source: ScriptedSource; readonly token: Credential}> => {
    const source = new ScriptedSource(({reason}) =>
      reason === 'initial'
        ? aCredential('given', {lifetime: 300_000})
        : new SecureMapError('login-required', 'Set it again.', {
            reason: reason === 'unauthorized' ? 'token-refused' : undefined,
          }),
    );
    const setup = open(source);
    return {...setup, source, token: await setup.session.credential()};
  };

  it('is over when its time is up, which is told once, and the source is asked once', async () => {
    const {environment, source, events, states, count} = await given();
    await environment.pass(299_999);
    expect(states()).not.to.contain('expired');
    expect(source.reasons).to.deep.equal(['initial', 'expiring']);
    await environment.pass(1);
    expect(states().at(-1)).to.equal('expired');
    await environment.pass(HOUR);
    await environment.wake();
    await environment.wake();
    expect(events.filter(({type}) => type === 'over')).to.deep.equal([{type: 'over', reason: 'expired'}]);
    expect(count('required')).to.equal(0);
    expect(source.asked).to.have.length(2);
    expect(environment.pending.timers).to.equal(0);
  });

  it('is sent all the same: the server decides', async () => {
    const {session, environment, token} = await given();
    await environment.pass(HOUR);
    expect(await session.credential()).to.equal(token);
  });

  it('is sent all the same by the very request that finds it run out', async () => {
    const {session, environment, token} = await given();
    environment.jump(HOUR);
    const found = await Promise.all([session.credential(), session.credential({whileSignedOut: 'wait'})]);
    expect(found).to.deep.equal([token, token]);
  });

  it('ends the session when the server refuses it, and is not told of twice', async () => {
    const {session, environment, token, count} = await given();
    await environment.pass(HOUR);
    expectError(await rejection(session.replace(token)), 'login-required');
    expect(session.expiresAt).to.equal(undefined);
    expectError(await rejection(session.credential()), 'login-required');
    expect([count('over'), count('required')]).to.deep.equal([1, 1]);
  });

  it('goes on when the page brings the next one', async () => {
    const {session, environment, token, states} = await given();
    await environment.pass(HOUR);
    await rejection(session.replace(token));
    const waiting = session.credential({whileSignedOut: 'wait'});
    await settled();
    session.supply(aCredential('next', {lifetime: 300_000, now: environment.now()}));
    expect((await waiting).token).to.equal('next');
    expect(states().slice(-2)).to.deep.equal(['expired', 'authenticated']);
  });
});

describe('timers', () => {
  it('run only while somebody listens', async () => {
    const {session, environment, source, leave} = fresh(300_000);
    const second = session.subscribe(() => undefined);
    await session.credential();
    expect(environment.pending).to.deep.equal({timers: 1, wakers: 1});
    leave();
    expect(environment.pending).to.deep.equal({timers: 1, wakers: 1});
    second();
    second();
    expect(environment.pending).to.deep.equal({timers: 0, wakers: 0});
    await environment.pass(HOUR);
    expect(source.asked).to.have.length(1);
    const third = session.subscribe(() => undefined);
    await settled();
    expect(source.reasons).to.deep.equal(['initial', 'expiring']);
    third();
    expect(environment.pending).to.deep.equal({timers: 0, wakers: 0});
  });

  it('are gone when an answer comes in after everybody left', async () => {
    const answer = Promise.withResolvers<Credential>();
    const source = new ScriptedSource(() => answer.promise);
    const {session, environment, leave} = open(source);
    const asked = session.credential();
    await settled();
    leave();
    answer.resolve(aCredential('one', {lifetime: 300_000}));
    await asked;
    expect(environment.pending).to.deep.equal({timers: 0, wakers: 0});
  });

  it('are gone when the session is over', async () => {
    const {session, environment, source} = fresh(300_000);
    await session.credential();
    source.answer = () => new SecureMapError('session-over', 'Over.', {reason: 'invalid_grant'});
    await rejection(session.refresh());
    expect(session.state).to.equal('expired');
    expect(environment.pending.timers).to.equal(0);
  });
});
