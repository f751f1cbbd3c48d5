import {expect} from '@open-wc/testing';
import type {Credential, CredentialSource} from '../../src/credentials/credential.js';
import {isSecureMapError, SecureMapError} from '../../src/credentials/errors.js';
import {CredentialSession} from '../../src/credentials/session.js';
import {chooseSource} from '../../src/sources/choose-source.js';
import {sources} from '../../src/sources/registry.js';
import type {SourceFields, SourceKind, SourceSettings} from '../../src/sources/source-kind.js';
import {everythingIn, expectError, rejection, thrown} from '../doubles/rejection.js';
import {TestEnvironment} from '../doubles/test-environment.js';
import {CANARY} from '../doubles/tokens.js';
import {sourceFixtures, type SourceFixture, type SourceWorld} from './source-fixtures.js';

const kinds: readonly (readonly [string, SourceKind])[] = Object.entries(sources);
const fixtures: Readonly<Record<string, SourceFixture | undefined>> = sourceFixtures;

const settings = (environment = new TestEnvironment()): SourceSettings => ({
  environment,
  pageUrl: 'https://site.example/map/',
});

describe('the registry of sources', () => {
  it('has a fixture for each of its entries, and for no other', () => {
    expect(Object.keys(fixtures)).to.have.members(kinds.map(([name]) => name));
  });
});

for (const [name, kind] of kinds) {
  describe(`the source ${name}`, () => {
    const fixture = fixtures[name];
    if (!fixture) {
      it('has a fixture', () => {
        throw new Error(`test/contract/source-fixtures.ts says nothing of ${name}.`);
      });
      return;
    }

    interface Opened {
      readonly world: SourceWorld;
      readonly environment: TestEnvironment;
      /** A session in which somebody is signed in, where that takes the visitor. */
      openSession(): CredentialSession;
      acquire(reason: 'initial' | 'expiring', signal?: AbortSignal): Promise<Credential>;
    }

    const open = async (): Promise<Opened> => {
      const world = fixture.world(CANARY);
      const environment = new TestEnvironment(world.fetch);
      const source = kind.create(world.fields, settings(environment));
      const signedIn = await world.signIn?.(source);
      return {
        world,
        environment,
        acquire: (reason, signal = new AbortController().signal) =>
          source.acquire({reason, grant: signedIn?.grant, signal}),
        openSession: () => {
          const session = new CredentialSession({source, environment});
          if (signedIn) session.supply(signedIn);
          return session;
        },
      };
    };

    it('is chosen by its fields alone', () => {
      expect(chooseSource(fixture.world(CANARY).fields, sources)).to.equal(kind);
    });

    it('gives a credential that can be sent', async () => {
      const {acquire, environment} = await open();
      const {token, type, receivedAt, expiresAt} = await acquire('initial');
      // A cookie is none of our business: there is no token, and none that looks like one.
      const isCookie = kind.carriedBy === 'cookie';
      expect(token).to.equal(isCookie ? '' : CANARY);
      expect(isCookie ? ['Cookie'] : ['Bearer', 'DPoP']).to.contain(type);
      expect(receivedAt).to.equal(environment.now());
      expect(expiresAt ?? Infinity).to.be.greaterThan(receivedAt);
    });

    it('is shared by maps that mean the same, and by no others', () => {
      const {fields} = fixture.world(CANARY);
      const identity = kind.identity(fields, settings());
      expect(kind.identity({...fields}, settings())).to.equal(identity);
      if (identity !== undefined) expect(kind.identity(fixture.other, settings())).not.to.equal(identity);
    });

    it('has no token in the name under which it is shared', () => {
      const identity = kind.identity(fixture.world(CANARY).fields, settings());
      expect(typeof identity === 'string' ? identity : '').not.to.contain(CANARY);
    });

    for (const [attribute, fields] of fixture.wrong) {
      it(`refuses a wrong ${attribute} by name, and does not repeat it: ${JSON.stringify(fields)}`, () => {
        const make = (wrong: SourceFields): CredentialSource => kind.create(wrong, settings());
        const error = expectError(
          thrown(() => make(fields)),
          'invalid-attribute',
        );
        expect(error.message.startsWith(`${attribute}: `)).to.equal(true);
        expect(everythingIn(error)).not.to.contain('hunter2');
      });
    }

    it('asks nothing for a signal that is aborted already', async () => {
      const {acquire} = await open();
      const reason = new SecureMapError('login-cancelled', 'Gone.');
      expect(await rejection(acquire('initial', AbortSignal.abort(reason)))).to.equal(reason);
    });

    if (fixture.world(CANARY).hang) {
      it('honours an abort while it waits', async () => {
        const {acquire, world} = await open();
        world.hang?.();
        const stop = new AbortController();
        const reason = new SecureMapError('login-cancelled', 'Gone.');
        const asked = rejection(acquire('expiring', stop.signal));
        stop.abort(reason);
        expect(await asked).to.equal(reason);
      });
    }

    for (const trouble of Object.keys(fixture.world(CANARY).troubles)) {
      it(`has a code for trouble, and no token in it: ${trouble}`, async () => {
        const {acquire, world} = await open();
        world.troubles[trouble]?.();
        const error = await rejection(acquire('expiring'));
        expect(isSecureMapError(error)).to.equal(true);
        expect(everythingIn(error)).not.to.contain(CANARY);
      });
    }

    it('does not pass a refused token off as a new one', async () => {
      const {openSession, world} = await open();
      const session = openSession();
      const refused = await session.credential();
      world.refuse?.();
      const error = await rejection(session.replace(refused));
      expect(['session-over', 'login-required']).to.contain(isSecureMapError(error) ? error.code : error);
      expect(everythingIn(error)).not.to.contain(CANARY);
      expect(session.state).to.equal('expired');
      expect(session.expiresAt).to.equal(undefined);
    });

    it('leaves no timer behind when all maps are gone', async () => {
      const {openSession, environment} = await open();
      const session = openSession();
      const leave = session.subscribe(() => undefined);
      await session.credential();
      leave();
      expect(environment.pending).to.deep.equal({timers: 0, wakers: 0});
    });

    it('is done with after the sign-out', async () => {
      const {openSession, environment} = await open();
      const session = openSession();
      await session.credential();
      await session.logout({everywhere: false, mode: 'popup'});
      expectError(await rejection(session.credential()), 'login-required');
      expect(environment.pending).to.deep.equal({timers: 0, wakers: 0});
    });
  });
}
