import {expect} from '@open-wc/testing';
import type {AcquireRequest, CredentialSource, Issued} from '../../../../src/credentials/credential.js';
import type {Environment} from '../../../../src/credentials/environment.js';
import {SecureMapError} from '../../../../src/credentials/errors.js';
import {CredentialSession} from '../../../../src/credentials/session.js';
import type {SessionEvent} from '../../../../src/credentials/session-event.js';
import type {StorageKind} from '../../../../src/credentials/open-vault.js';
import {TestEnvironment} from '../../../doubles/test-environment.js';
import {MemoryStorage} from '../../../doubles/memory-storage.js';

/** Rotates its refresh tokens and revokes everything when one is used twice, without any grace. */
class StrictProvider {
  #number = 0;
  #current: string | undefined;
  requests = 0;
  lifetime = 60_000;
  isRevoked = false;
  /** What a renewal waits for. */
  hold: Promise<void> = Promise.resolve();

  issue(sub = 'anna'): Issued {
    this.#number += 1;
    this.#current = `refresh-${this.#number}`;
    const receivedAt = Date.now();
    return {
      token: `access-${this.#number}`,
      type: 'Bearer',
      receivedAt,
      expiresAt: receivedAt + this.lifetime,
      user: {sub},
      grant: {refreshToken: this.#current},
    };
  }

  async renew(refreshToken: unknown): Promise<Issued> {
    this.requests += 1;
    await this.hold;
    if (this.isRevoked || refreshToken !== this.#current) {
      this.isRevoked = true;
      throw new SecureMapError('session-over', 'The refresh token was used already.', {reason: 'invalid_grant'});
    }
    return this.issue();
  }
}

class Source implements CredentialSource {
  readonly ended: unknown[] = [];
  onEnd = (): void => undefined;
  readonly #provider: StrictProvider;

  constructor(provider: StrictProvider) {
    this.#provider = provider;
  }

  async acquire({grant}: AcquireRequest): Promise<Issued> {
    if (!grant) throw new SecureMapError('login-required', 'Sign in first.');
    return this.#provider.renew(grant['refreshToken']);
  }

  async signIn(): Promise<Issued> {
    return this.#provider.issue();
  }

  async end({grant}: {readonly grant?: unknown}): Promise<void> {
    this.ended.push(grant);
    this.onEnd();
  }
}

let number = 0;

/** Tabs of one browser: a storage, locks and channels in common. */
const aBrowser = (
  provider: StrictProvider,
  {locks = navigator.locks}: {readonly locks?: Environment['locks'] | null} = {},
) => {
  const name = `test-${(number += 1)}`;
  const closing: (() => void)[] = [];
  const open = (storage: StorageKind, store: MemoryStorage) => {
    const source = new Source(provider);
    const session = new CredentialSession({
      source,
      name,
      storage,
      environment: {
        now: () => Date.now(),
        after: (delay, task) => {
          const timer = setTimeout(task, delay);
          return () => clearTimeout(timer);
        },
        random: () => Math.random() / 20,
        fetch,
        onWake: () => () => undefined,
        locks: locks ?? undefined,
        storage: () => store,
        openChannel: (name) => {
          const channel = new BroadcastChannel(name);
          closing.push(() => channel.close());
          return channel;
        },
      },
    });
    const events: SessionEvent[] = [];
    const news = new EventTarget();
    const listen = (): (() => void) =>
      session.subscribe((event) => {
        events.push(event);
        news.dispatchEvent(new Event('news'));
      });
    const leave = listen();
    closing.push(leave);
    /** Resolves when the source was told that the session ended: also while nobody listens. */
    const ended = new Promise<void>((resolve) => (source.onEnd = resolve));
    /** Resolves when an event came after which the condition holds. */
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise((resolve) => news.addEventListener('news', resolve, {once: true}));
    };
    return {session, source, events, until, leave, listen, ended};
  };
  return {
    open,
    close: () => {
      for (const end of closing) end();
    },
  };
};

describe('a session in several tabs', () => {
  let provider: StrictProvider;
  let browser: ReturnType<typeof aBrowser>;
  let store: MemoryStorage;

  beforeEach(() => {
    provider = new StrictProvider();
    browser = aBrowser(provider);
    store = new MemoryStorage();
  });

  afterEach(() => browser.close());

  const three = async () => {
    const first = browser.open('local', store);
    await first.session.login({mode: 'popup'});
    return [first, browser.open('local', store), browser.open('local', store)] as const;
  };

  it('is there in a tab that is opened later', async () => {
    const [, second] = await three();
    expect(second.session.state).to.equal('authenticated');
    expect(provider.requests).to.equal(0);
  });

  it('renews once for a hundred refusals in each of three tabs', async () => {
    const tabs = await three();
    const refused = await tabs[0].session.credential();
    const work = tabs.flatMap(({session}) => Array.from({length: 100}, () => session.replace(refused)));
    const tokens = new Set((await Promise.all(work)).map((credential) => credential?.token));
    expect([...tokens]).to.eql(['access-2']);
    expect(provider.requests).to.equal(1);
    expect(provider.isRevoked).to.equal(false);
  });

  it('does so by the claim of the first tab where there are no locks', async () => {
    browser = aBrowser(provider, {locks: null});
    const {promise, resolve} = Promise.withResolvers<void>();
    provider.hold = promise;
    const tabs = await three();
    const refused = await tabs[0].session.credential();
    const work = tabs.map(({session}) => session.replace(refused).catch(() => undefined));
    resolve();
    await Promise.all(work);
    expect(provider.requests).to.equal(1);
    expect(provider.isRevoked).to.equal(false);
  });

  it('renews once where the storage of a tab lags behind', async () => {
    const {promise, resolve} = Promise.withResolvers<void>();
    const stale = new MemoryStorage();
    const first = browser.open('local', store);
    await first.session.login({mode: 'popup'});
    for (let index = 0; index < store.length; index += 1) {
      const key = store.key(index) ?? '';
      stale.setItem(key, store.getItem(key) ?? '');
    }
    const late = browser.open('local', stale);
    const refused = await late.session.credential();
    provider.hold = promise;
    const renewal = first.session.refresh();
    const second = late.session.replace(refused).catch((error: unknown) => error);
    resolve();
    await renewal;
    await second;
    expect(provider.requests).to.equal(1);
    expect(provider.isRevoked).to.equal(false);
  });

  it('asks again for a lock that the browser gave away for nothing', async () => {
    let given = 0;
    browser = aBrowser(provider, {
      locks: {
        request: ((name: string, options: LockOptions, callback: () => Promise<unknown>) => {
          if (!options.ifAvailable) given += 1;
          // What Chromium says when the page stands still in `window.open` just then.
          if (given === 1 && !options.ifAvailable)
            return Promise.reject(new Error('The provided callback is no longer runnable.'));
          return navigator.locks.request(name, options, callback);
        }) as LockManager['request'],
      },
    });
    const {session} = browser.open('local', store);
    await session.login({mode: 'popup'});
    await session.refresh();
    expect(given).to.equal(2);
    expect(provider.requests).to.equal(1);
  });

  it('takes a renewal of another tab over, and tells of it', async () => {
    const [first, second] = await three();
    const before = second.events.length;
    await Promise.all([first.session.refresh(), second.until(() => second.events.length > before)]);
    expect((await second.session.credential()).token).to.equal((await first.session.credential()).token);
    expect(provider.requests).to.equal(1);
  });

  it('ends in every tab when the visitor signs out in one', async () => {
    const [first, second, third] = await three();
    await first.session.logout({everywhere: false, mode: 'popup'});
    await Promise.all([second, third].map(({session, until}) => until(() => session.state !== 'authenticated')));
    expect([first, second, third].map(({session}) => session.state)).to.eql(['signed-out', 'signed-out', 'signed-out']);
    expect(first.source.ended).to.eql([{refreshToken: 'refresh-1'}]);
    expect(store.length).to.equal(0);
  });

  it('ends in every tab when the provider ended it in one', async () => {
    const [first, second] = await three();
    provider.isRevoked = true;
    await first.session.refresh().catch(() => undefined);
    await second.until(() => second.events.some(({type}) => type === 'over'));
    expect([first.session.state, second.session.state]).to.eql(['expired', 'expired']);
    expect(provider.requests).to.equal(1);
  });

  it('does not put back what comes in after the visitor signed out in another tab', async () => {
    const [first, second] = await three();
    const {promise, resolve} = Promise.withResolvers<void>();
    provider.hold = promise;
    const renewal = first.session.refresh().catch((error: unknown) => error);
    await second.session.logout({everywhere: false, mode: 'popup'});
    await first.until(() => first.session.state === 'signed-out');
    resolve();
    await renewal;
    expect(store.length).to.equal(0);
    expect(first.session.state).to.equal('signed-out');
  });

  it('keeps the session of who signed in before the news of the sign-out came', async () => {
    const [first, second] = await three();
    // In one turn, so that the other tab hears of the sign-out when the next visitor is there already.
    const done = first.session.logout({everywhere: false, mode: 'popup'});
    first.session.supply(provider.issue('ben'));
    await second.until(() => second.session.user?.['sub'] === 'ben');
    await done;
    expect(first.session.state).to.equal('authenticated');
    expect((await second.session.credential()).token).to.equal('access-2');
    expect(second.source.ended).to.not.deep.include({refreshToken: 'refresh-2'});
    await second.session.refresh();
    expect(provider.isRevoked).to.equal(false);
    expect(store.length).to.equal(1);
  });

  it('takes no news of a sign-out that is older than what it holds', async () => {
    const [first, second] = await three();
    const before = second.events.length;
    const [channel, last] = Array.from({length: 2}, () => new BroadcastChannel(`secure-map.test-${number}`));
    if (!channel || !last) throw new Error('There are two channels.');
    // The youngest of all channels hears it after the others.
    const heard = new Promise((resolve) => (last.onmessage = ({data}) => data.type === 'changed' && resolve(data)));
    channel.postMessage({type: 'left', version: 1});
    channel.postMessage({type: 'changed'});
    await heard;
    for (const each of [channel, last]) each.close();
    await first.session.refresh();
    await second.until(() => second.events.length > before);
    expect(second.events.slice(before).map(({type}) => type)).to.eql(['granted']);
    expect([first.session.state, second.session.state]).to.eql(['authenticated', 'authenticated']);
  });

  it('ends in a tab with a memory of its own, which revokes its own grant', async () => {
    const first = browser.open('memory', store);
    const second = browser.open('memory', store);
    for (const {session} of [first, second]) await session.login({mode: 'popup'});
    await first.session.logout({everywhere: false, mode: 'popup'});
    await second.until(() => second.session.state === 'signed-out');
    expect([first.source.ended, second.source.ended]).to.eql([
      [{refreshToken: 'refresh-1'}],
      [{refreshToken: 'refresh-2'}],
    ]);
  });

  for (const storage of ['memory', 'session', 'local'] as const) {
    it(`is not there any more for a map that was out of the page during the sign-out: ${storage}`, async () => {
      const stores = storage === 'local' ? [store, store] : [store, new MemoryStorage()];
      const [first, second] = stores.map((one) => browser.open(storage, one));
      if (!first || !second) throw new Error('There are two tabs.');
      for (const {session} of [first, second]) await session.login({mode: 'popup'});
      const before = await second.session.credential();
      const {era} = second.session;
      second.leave();
      await first.session.logout({everywhere: false, mode: 'popup'});
      await second.ended;
      const leave = second.listen();
      expect(second.session.state).to.equal('signed-out');
      expect(second.session.era, 'nothing of the former visitor may stay').not.to.equal(era);
      const next = await second.session.credential().catch((error: unknown) => error);
      expect(next).to.include({code: 'login-required'}).and.not.include({token: before.token});
      leave();
    });
  }

  it('is not there any more when it was begun before and came about after the map was out of the page', async () => {
    const [first, second] = [browser.open('memory', store), browser.open('memory', store)];
    await first.session.login({mode: 'popup'});
    const {promise, resolve} = Promise.withResolvers<Issued>();
    second.source.acquire = () => promise;
    const asked = second.session.credential();
    second.leave();
    resolve(provider.issue());
    await asked;
    await first.session.logout({everywhere: false, mode: 'popup'});
    await second.ended;
    second.listen()();
    expect(second.session.state).to.equal('signed-out');
  });

  it('holds no channel open once there is nothing that a sign-out could end', async () => {
    const channels = new Set<BroadcastChannel>();
    const openChannel = (name: string): BroadcastChannel => {
      const channel = new BroadcastChannel(name);
      const close = (): void => {
        channels.delete(channel);
        BroadcastChannel.prototype.close.call(channel);
      };
      channels.add(channel);
      return Object.assign(channel, {close});
    };
    const environment = Object.assign(new TestEnvironment(), {openChannel});
    const session = new CredentialSession({source: new Source(provider), name: 'test-channels', environment});
    session.subscribe(() => undefined)();
    expect(channels.size, 'nobody signed in').to.equal(0);
    const leave = session.subscribe(() => undefined);
    await session.login({mode: 'popup'});
    leave();
    expect(channels.size, 'somebody is signed in').to.equal(1);
    await session.logout({everywhere: false, mode: 'popup'});
    expect(channels.size, 'signed out').to.equal(0);
  });

  it('tells that another visitor signed in', async () => {
    const [first, second] = await three();
    first.session.supply(provider.issue('ben'));
    await second.until(() => second.session.user?.['sub'] === 'ben');
    const granted = second.events.findLast(({type}) => type === 'granted');
    expect(granted).to.include({sameUser: false});
    expect(second.session.user).to.eql({sub: 'ben'});
  });

  it('leaves the refresh token to the tab that it was copied from', async () => {
    const first = browser.open('session', store);
    await first.session.login({mode: 'popup'});
    const duplicate = browser.open('session', store.copy());
    expect(duplicate.session.state).to.equal('authenticated');
    await duplicate.session.refresh().catch(() => undefined);
    expect(provider.requests, 'requests of the duplicate').to.equal(0);
    await first.session.refresh();
    expect(provider.requests).to.equal(1);
    expect(provider.isRevoked).to.equal(false);
  });

  it('goes on after the tab was loaded again', async () => {
    const before = browser.open('session', store);
    await before.session.login({mode: 'popup'});
    browser.close();
    const after = browser.open('session', store);
    await after.session.refresh();
    expect(provider.requests).to.equal(1);
    expect((await after.session.credential()).token).to.equal('access-2');
  });

  it('never gives the grant to anybody but its source', async () => {
    const [first] = await three();
    expect(JSON.stringify(await first.session.credential())).not.to.contain('refresh-');
    expect(JSON.stringify(first.events)).not.to.match(/refresh-|access-/);
  });

  it('stays in memory when the storage is full', async () => {
    store.isFull = true;
    const {session} = browser.open('session', store);
    await session.login({mode: 'popup'});
    await session.refresh();
    expect((await session.credential()).token).to.equal('access-2');
    expect(store.length).to.equal(0);
  });

  for (const text of [
    '',
    '{}',
    '[1]',
    '{"v":1}',
    '{"v":2,"version":1}',
    'null',
    '{"v":1,"version":1,"credential":{}}',
  ]) {
    it(`takes ${JSON.stringify(text)} in its place for nothing`, () => {
      store.setItem(`secure-map.session.test-${number}`, text);
      const {session} = browser.open('session', store);
      expect(session.state).to.equal('anonymous');
    });
  }

  it('keeps nothing in a storage by default', async () => {
    const {session} = browser.open('memory', store);
    await session.login({mode: 'popup'});
    expect(store.length).to.equal(0);
  });
});
