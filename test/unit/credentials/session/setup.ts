import {CredentialSession, type SessionOptions} from '../../../../src/credentials/session.js';
import type {SessionEvent} from '../../../../src/credentials/session-event.js';
import type {ScriptedSource} from '../../../doubles/scripted-source.js';
import {TestEnvironment} from '../../../doubles/test-environment.js';

export interface Setup {
  readonly session: CredentialSession;
  readonly environment: TestEnvironment;
  readonly events: SessionEvent[];
  /** The states that the session told of. */
  states(): string[];
  count(type: SessionEvent['type']): number;
  leave(): void;
}

/** A session with one listener that keeps what it is told. */
export const open = (source: ScriptedSource, options: Partial<SessionOptions> = {}): Setup => {
  const environment = new TestEnvironment();
  const session = new CredentialSession({source, environment, ...options});
  const events: SessionEvent[] = [];
  const leave = session.subscribe((event) => events.push(event));
  return {
    session,
    environment,
    events,
    states: () => events.flatMap((event) => (event.type === 'state' ? [event.state] : [])),
    count: (type) => events.filter((event) => event.type === type).length,
    leave,
  };
};
