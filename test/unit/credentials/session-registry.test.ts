import {expect} from '@open-wc/testing';
import {CredentialSession} from '../../../src/credentials/session.js';
import type * as Registry from '../../../src/credentials/session-registry.js';
import {sharedSession} from '../../../src/credentials/session-registry.js';
import {aCredential, ScriptedSource} from '../../doubles/scripted-source.js';
import {TestEnvironment} from '../../doubles/test-environment.js';

describe('sharedSession', () => {
  const make = (): CredentialSession =>
    new CredentialSession({source: new ScriptedSource(() => aCredential('one')), environment: new TestEnvironment()});

  it('is one for the same name, another for another name', () => {
    const one = sharedSession('token-url https://a.example/t', make);
    expect(sharedSession('token-url https://a.example/t', make)).to.equal(one);
    expect(sharedSession('token-url https://b.example/t', make)).not.to.equal(one);
  });

  it('is one for the same object, another for an equal one', () => {
    const one = (): string => 'x';
    const other = (): string => 'x';
    expect(sharedSession(one, make)).to.equal(sharedSession(one, make));
    expect(sharedSession(other, make)).not.to.equal(sharedSession(one, make));
  });

  it('is one for two copies of the module on a page', async () => {
    // A query makes it another module for the browser.
    const copy: typeof Registry = await import(
      `${new URL('../../../src/credentials/session-registry.ts', import.meta.url).href}?copy`
    );
    expect(copy.sharedSession).not.to.equal(sharedSession);
    expect(copy.sharedSession('shared by copies', make)).to.equal(sharedSession('shared by copies', make));
  });

  it('keeps nothing of a session that could not be made', () => {
    const fails = (): never => {
      throw new RangeError('no');
    };
    expect(() => sharedSession('broken', fails)).to.throw(RangeError);
    expect(sharedSession('broken', make)).to.be.instanceOf(CredentialSession);
  });

  it('keeps the credential while no map is there', async () => {
    const source = new ScriptedSource(() => aCredential('one'));
    const open = (): CredentialSession => new CredentialSession({source, environment: new TestEnvironment()});
    const first = sharedSession('moved', open);
    const leave = first.subscribe(() => undefined);
    await first.credential();
    leave();
    expect((await sharedSession('moved', open).credential()).token).to.equal('one');
    expect(source.asked).to.have.length(1);
  });
});
