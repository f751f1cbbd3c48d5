import {expect} from '@open-wc/testing';
import type {Credential} from '../../../../src/credentials/credential.js';
import type {Bound} from '../../../../src/credentials/prover.js';
import {SecureMapError} from '../../../../src/credentials/errors.js';
import {CredentialSession} from '../../../../src/credentials/session.js';
import type {SessionEvent} from '../../../../src/credentials/session-event.js';
import {MemoryStorage} from '../../../doubles/memory-storage.js';
import {expectError, rejection} from '../../../doubles/rejection.js';
import {aCredential, ScriptedSignIn} from '../../../doubles/scripted-source.js';
import {settled, TestEnvironment} from '../../../doubles/test-environment.js';

const bound = (token: string): Credential => ({...aCredential(token, {lifetime: 60_000}), type: 'DPoP', keyId: 'key'});

/** A page with a storage that may be older than the page. */
const open = (storage: MemoryStorage, keys: ReadonlySet<string>) => {
  const environment = Object.assign(new TestEnvironment(), {storage: () => storage});
  const prover = {
    prove: () => Promise.resolve('proof'),
    learn: () => false,
    holds: async ({keyId}: Bound) => keys.has(keyId ?? ''),
  };
  const source = Object.assign(
    new ScriptedSignIn(() => new SecureMapError('login-required', 'The visitor has to sign in first.')),
    {prover},
  );
  source.onSignIn = () => bound('t1');
  const session = new CredentialSession({source, environment, name: 'test', storage: 'session'});
  const events: SessionEvent[] = [];
  session.subscribe((event) => events.push(event));
  return {environment, source, session, events};
};

/** Time without locks is spread by chance. */
const pass = async ({environment}: ReturnType<typeof open>): Promise<void> => {
  await environment.pass(2_000);
  await settled();
};

describe('a credential that is bound to a key', () => {
  it('is there again after the page is loaded anew', async () => {
    const storage = new MemoryStorage();
    await open(storage, new Set(['key'])).session.login({mode: 'popup'});
    const page = open(storage, new Set(['key']));
    await pass(page);
    expect(page.session.state).to.equal('authenticated');
    expect(await page.session.credential()).to.include({token: 't1', type: 'DPoP', keyId: 'key'});
    expect(page.source.asked).to.be.empty;
  });

  it('is none without its key: the visitor signs in, and nothing has ended', async () => {
    const storage = new MemoryStorage();
    await open(storage, new Set(['key'])).session.login({mode: 'popup'});
    expect(storage.length).to.equal(1);
    const page = open(storage, new Set());
    await pass(page);
    expect(page.session.state).to.equal('anonymous');
    expectError(await rejection(page.session.credential()), 'login-required');
    expect(page.events.map(({type}) => type)).not.to.contain('over');
    expect(page.source.asked[0]?.grant).to.equal(undefined);
    expect(storage.length).to.equal(0);

    await page.session.login({mode: 'popup'});
    expect(page.session.state).to.equal('authenticated');
  });
});
