import {expect} from '@open-wc/testing';
import {createStoredVault} from '../../../src/credentials/stored-vault.js';
import {createMemoryVault, type Vault} from '../../../src/credentials/vault.js';
import {MemoryStorage} from '../../doubles/memory-storage.js';
import {aCredential} from '../../doubles/scripted-source.js';
import {START} from '../../doubles/test-environment.js';

const makes: Readonly<Record<string, () => Vault>> = {
  memory: createMemoryVault,
  local: () =>
    createStoredVault({kind: 'local', store: new MemoryStorage(), name: 'test', tab: 'one', now: () => START}),
};

describe('a vault', () => {
  for (const [kind, make] of Object.entries(makes)) {
    it(`refuses what replaces a credential of before the last sign-out (${kind})`, () => {
      const vault = make();
      vault.write(aCredential('anna-1'), 0);
      const version = vault.read()?.version ?? 0;
      vault.clear();
      expect(vault.write(aCredential('bob-1'), 0)).to.equal(true);
      expect(vault.write(aCredential('anna-2'), version)).to.equal(false);
      expect(vault.read()?.credential.token).to.equal('bob-1');
    });
  }

  it('gives another version in a page that has not seen the one before', () => {
    const store = new MemoryStorage();
    const tab = (now: number): Vault =>
      createStoredVault({kind: 'local', store, name: 'test', tab: String(now), now: () => now});
    tab(START).write(aCredential('anna-1'), 0);
    const version = tab(START).read()?.version;
    tab(START).clear();
    tab(START + 1).write(aCredential('bob-1'), 0);
    expect(tab(START).read()?.version).not.to.equal(version);
  });
});
