import {expect} from '@open-wc/testing';
import {createKeyDatabase, type KeyStore} from '../../../../src/sources/oidc/dpop-database.js';
import {DpopKeys} from '../../../../src/sources/oidc/dpop-keys.js';
import {rejection} from '../../../doubles/rejection.js';
import {TestEnvironment} from '../../../doubles/test-environment.js';

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });

const forget = (): Promise<unknown> => settled(indexedDB.deleteDatabase('secure-map'));

const put = async (value: unknown, name: string): Promise<void> => {
  const database = await settled(indexedDB.open('secure-map'));
  await settled(database.transaction('dpop-keys', 'readwrite').objectStore('dpop-keys').put(value, name));
  database.close();
};

const NAME = '["https://login.test","map-viewer"]';
const OTHER = '["https://other.test","map-viewer"]';

/** IndexedDB that does not say that it is open until it is told to. */
const hanging = () => {
  const {promise: asked, resolve} = Promise.withResolvers<IDBOpenDBRequest>();
  const late: (() => void)[] = [];
  const open = (name: string): IDBOpenDBRequest => {
    const request = indexedDB.open(name);
    const listen = request.addEventListener.bind(request);
    Object.assign(request, {
      addEventListener: (type: string, task: () => void) => (type === 'success' ? late.push(task) : listen(type, task)),
    });
    resolve(request);
    return request;
  };
  const answer = async (): Promise<void> => {
    const request = await asked;
    if (request.readyState === 'pending') await new Promise((done) => (request.onsuccess = done));
    for (const task of late) task();
  };
  return {databases: Object.assign(Object.create(indexedDB), {open}), asked, answer};
};

const broken = (): Promise<never> => Promise.reject(new DOMException('Blocked', 'SecurityError'));

describe('a DPoP key', () => {
  let store: KeyStore;
  beforeEach(async () => {
    await forget();
    store = createKeyDatabase(indexedDB, new TestEnvironment());
  });
  after(forget);

  it('signs, and cannot be read out by anybody', async () => {
    const {privateKey, jwk} = await new DpopKeys(NAME, store).current();
    const kept = await store.read(NAME);
    for (const key of [privateKey, kept?.privateKey]) {
      if (!key) throw new Error('There is no key.');
      expect([key.extractable, key.usages]).to.eql([false, ['sign']]);
      for (const format of ['jwk', 'pkcs8'] as const) {
        expect(await rejection(crypto.subtle.exportKey(format, key))).to.be.instanceOf(DOMException);
      }
    }
    expect(Object.keys(jwk)).to.have.members(['kty', 'crv', 'x', 'y']);
  });

  it('is the same for the next page, and for two that come at once', async () => {
    const [one, other] = await Promise.all([new DpopKeys(NAME, store).current(), new DpopKeys(NAME, store).current()]);
    expect(other.id).to.equal(one.id);
    const next = new DpopKeys(NAME, store);
    expect((await next.find(one.id))?.id).to.equal(one.id);
    expect(await next.find('another')).to.equal(undefined);
    expect(await next.find(undefined)).to.equal(undefined);
    expect(one.isKept).to.equal(true);
  });

  it('is another for another issuer with the same client id', async () => {
    const one = await new DpopKeys(NAME, store).current();
    const other = new DpopKeys(OTHER, store);
    expect((await other.current()).id).not.to.equal(one.id);
    await other.wipe();
    expect((await new DpopKeys(NAME, store).find(one.id))?.id).to.equal(one.id);
  });

  it('is gone after it is wiped, also when it was just being made', async () => {
    const keys = new DpopKeys(NAME, store);
    const {id} = await keys.current();
    await keys.wipe();
    expect(await keys.find(id)).to.equal(undefined);
    expect(await store.read(NAME)).to.equal(undefined);
    expect((await keys.current()).id).not.to.equal(id);

    const making = keys.current();
    await Promise.all([making, keys.wipe()]);
    expect(await keys.find((await making).id)).to.equal(undefined);
    expect(await store.read(NAME)).to.equal(undefined);
  });

  it('is that of another tab once that has made a new one', async () => {
    const here = new DpopKeys(NAME, store);
    const {id} = await here.current();
    const there = new DpopKeys(NAME, store);
    await there.wipe();
    const {id: newer} = await there.current();
    expect((await here.find(id))?.id, 'what this page holds still serves').to.equal(id);
    expect((await here.find(newer))?.id).to.equal(newer);
    expect((await here.current()).id).to.equal(newer);
  });

  it('lives in memory where nothing is to outlive the page', async () => {
    const keys = new DpopKeys(NAME);
    const {id, isKept} = await keys.current();
    expect(isKept).to.equal(false);
    expect([(await keys.current()).id, (await keys.find(id))?.id]).to.eql([id, id]);
    expect(await new DpopKeys(NAME).find(id)).to.equal(undefined);
    expect(await indexedDB.databases()).to.eql([]);
  });

  it('lives in memory where IndexedDB is blocked, throws or breaks later', async () => {
    const insecure = (): never => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    const throwing = createKeyDatabase(
      Object.assign(Object.create(indexedDB), {open: insecure}),
      new TestEnvironment(),
    );
    const breaking: KeyStore = {...store, keep: broken, remove: broken};
    for (const blocked of [throwing, {read: broken, keep: broken, remove: broken}, breaking]) {
      const keys = new DpopKeys(NAME, blocked);
      const {id, isKept} = await keys.current();
      expect(isKept).to.equal(false);
      expect([(await keys.current()).id, (await keys.find(id))?.id]).to.eql([id, id]);
      await keys.wipe();
      expect(await keys.find(id)).to.equal(undefined);
    }
  });

  it('finds its place in a database that somebody else made under this name', async () => {
    const request = indexedDB.open('secure-map', 7);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore('theirs').put('kept', 'thing'));
    (await settled(request)).close();
    const {id, isKept} = await new DpopKeys(NAME, store).current();
    expect(isKept).to.equal(true);
    expect((await new DpopKeys(NAME, store).find(id))?.id).to.equal(id);
    const database = await settled(indexedDB.open('secure-map'));
    expect([...database.objectStoreNames]).to.have.members(['theirs', 'dpop-keys']);
    expect(await settled(database.transaction('theirs').objectStore('theirs').get('thing'))).to.equal('kept');
    database.close();
  });

  it('lives in memory where such a database is held open', async () => {
    const request = indexedDB.open('secure-map', 7);
    const theirs = await settled(request);
    const {id, isKept} = await new DpopKeys(NAME, store).current();
    expect([isKept, typeof id]).to.eql([false, 'string']);
    theirs.close();
  });

  it('lives in memory where IndexedDB does not answer, and is not kept by an answer that comes too late', async () => {
    const {databases, asked, answer} = hanging();
    const environment = new TestEnvironment();
    const making = new DpopKeys(NAME, createKeyDatabase(databases, environment)).current();
    await asked;
    await environment.pass(5_000);
    expect((await making).isKept).to.equal(false);
    expect(environment.pending.timers).to.equal(0);
    await answer();
    expect(await store.read(NAME)).to.equal(undefined);
  });

  it('is not waited for when it is to be wiped, nor wiped once the next one may be there', async () => {
    const {id} = await new DpopKeys(NAME, store).current();
    const {databases, asked, answer} = hanging();
    const environment = new TestEnvironment();
    const keys = new DpopKeys(NAME, createKeyDatabase(databases, environment));
    const wiped = keys.wipe();
    await asked;
    await environment.pass(5_000);
    await wiped;
    await answer();
    expect((await new DpopKeys(NAME, store).find(id))?.id).to.equal(id);
  });

  it('is not taken when what stands there is something else, or can be read out', async () => {
    const good = await new DpopKeys(NAME, store).current();
    const algorithm = {name: 'ECDSA', namedCurve: 'P-256'};
    const open = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const curve = await crypto.subtle.generateKey({name: 'ECDSA', namedCurve: 'P-384'}, false, ['sign', 'verify']);
    const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
    const wrong: unknown[] = [
      'a text',
      null,
      {v: 1},
      {...open, v: 1},
      {...curve, v: 1},
      {...pair, v: 2},
      {v: 1, privateKey: pair.publicKey, publicKey: pair.publicKey},
    ];
    for (const value of wrong) {
      await put(value, NAME);
      const keys = new DpopKeys(NAME, store);
      expect(await keys.find(good.id)).to.equal(undefined);
      const {privateKey, isKept} = await keys.current();
      expect([privateKey.extractable, isKept]).to.eql([false, true]);
    }
  });
});
