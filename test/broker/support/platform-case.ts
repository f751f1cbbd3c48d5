import type {BrokerPlatformOptions} from '../../../src/broker/platforms/registry.js';
import type {FakeClock, PlatformDouble, RecordedRequest} from '../../doubles/platforms/front.js';

export type PlatformOptions = BrokerPlatformOptions & {readonly server: string};

/** A platform that was started for one test. */
export interface Started {
  readonly clock: FakeClock;
  /** All requests of the platform's servers, in turn. */
  readonly requests: () => readonly RecordedRequest[];
  readonly fetch: typeof fetch;
  /** Has every server of the platform answer wrongly. */
  setFault(fault: PlatformDouble['fault']): void;
  /** Whether the request is one for a credential. */
  isForCredential(request: {readonly url: URL | string}): boolean;
  /** Whether the request ends one. */
  isSignOut(request: {readonly url: URL | string}): boolean;
  /** What was issued until now counts no more. */
  revoke(): void;
  /** What must never be seen outside: passwords, session ids, refresh tokens, in each form they travel in. */
  secrets(): readonly string[];
}

/** What the suite has to know of a platform; everything else follows from the contract. */
export interface PlatformCase {
  readonly name: string;
  readonly options: PlatformOptions;
  /** Options with an account that the platform does not take; each by what is wrong with it. */
  readonly refusedAccounts: Readonly<Record<string, PlatformOptions>>;
  /** The first request for a credential, as the platform's document has it. */
  readonly asked: {
    readonly method: string;
    readonly url: string | RegExp;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | RegExp;
  };
  /** How the credential travels to the map: header names, each with what its value has to match. */
  readonly attached: Readonly<Record<string, RegExp>>;
  /** Seconds that a credential lasts; `undefined` when it does not end. */
  readonly lifetime: number | undefined;
  /** Whether browsers may have it. */
  readonly isHandedOut: boolean;
  /** Whether the platform issues credentials at all, or the account is one. */
  readonly isIssued: boolean;
  /** The request that ends a credential, where the platform has one. */
  readonly signOut?: {readonly method: string; readonly url: string} | undefined;
  /** The server that the map comes from. */
  readonly upstream: string;
  /** A part of the map, and the prefix it is under. */
  readonly path: string;
  readonly paths: readonly string[];
  /** A path that hands out or governs credentials. */
  readonly closedPath: string;
  start(): Started;
}
