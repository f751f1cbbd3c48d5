import type {ReactiveController, ReactiveControllerHost} from 'lit';
import type {Environment} from '../credentials/environment.js';
import type {LoginMode, UserClaims} from '../credentials/credential.js';
import {SecureMapError} from '../credentials/errors.js';
import type {StorageKind} from '../credentials/open-vault.js';
import type {Scope} from '../credentials/scope.js';
import {CredentialSession} from '../credentials/session.js';
import type {SessionEvent} from '../credentials/session-event.js';
import {sharedSession} from '../credentials/session-registry.js';
import type {AuthState} from '../credentials/state.js';
import type {Identity} from '../request/route.js';
import type {Transport} from '../request/transport.js';
import type {SourceFields, SourceKind, SourceSettings} from '../sources/source-kind.js';

export interface AuthSettings {
  readonly kind: SourceKind | undefined;
  readonly fields: SourceFields;
  readonly source: SourceSettings;
  readonly scope: Scope;
  readonly transport: Transport;
  /** Milliseconds. */
  readonly refreshSkew: number | undefined;
  readonly storage: StorageKind;
}

/** Binds the element to the session that its attributes mean, while it is in the document. */
export class AuthController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #environment: Environment;
  readonly #onEvent: (event: SessionEvent) => void;
  #identity: Identity | undefined;
  #unsubscribe: (() => void) | undefined;
  #isConnected = false;

  constructor(host: ReactiveControllerHost, environment: Environment, onEvent: (event: SessionEvent) => void) {
    this.#host = host;
    this.#environment = environment;
    this.#onEvent = onEvent;
    host.addController(this);
  }

  get identities(): readonly Identity[] {
    return this.#identity ? [this.#identity] : [];
  }

  get session(): CredentialSession | undefined {
    return this.#identity?.session;
  }

  get state(): AuthState {
    return this.session?.state ?? 'anonymous';
  }

  get user(): UserClaims | undefined {
    return this.session?.user;
  }

  hostConnected(): void {
    this.#isConnected = true;
    this.#listen();
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    // An element that is only moved is connected again in the same turn, and must not lose a sign-in under way.
    queueMicrotask(() => {
      if (!this.#isConnected) this.#leave();
    });
  }

  /** Takes the session that the attributes mean. Throws `invalid-attribute` and keeps none then. */
  configure({kind, fields, source, scope, transport, refreshSkew, storage}: AuthSettings): void {
    this.clear();
    if (!kind) return;
    const identity = kind.identity(fields, source);
    const open = (): CredentialSession =>
      new CredentialSession({
        source: kind.create(fields, source),
        environment: this.#environment,
        refreshSkew,
        storage,
        name: typeof identity === 'string' ? identity : undefined,
      });
    const key = typeof identity === 'string' ? `${storage} ${identity}` : identity;
    const session = key === undefined ? open() : sharedSession(key, open);
    this.#identity = {session, scope, transport};
    this.#listen();
  }

  clear(): void {
    this.#leave();
    this.#identity = undefined;
    this.#host.requestUpdate();
  }

  /** Continues a session with a credential that the page set, without starting a new one. */
  supply(kind: SourceKind, fields: SourceFields, source: SourceSettings): void {
    const {session} = this;
    const next = kind.create(fields, source);
    void next.acquire({reason: 'initial', signal: new AbortController().signal}).then((credential) => {
      if (this.session === session) session?.supply(credential);
    });
  }

  async login(mode: LoginMode, signal?: AbortSignal): Promise<void> {
    if (!this.session) {
      throw new SecureMapError(
        'login-refused',
        'There is nothing to sign in to: the tag names no source of a credential.',
      );
    }
    await this.session.login({mode, signal});
  }

  #leave(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #listen(): void {
    if (!this.#isConnected || !this.session || this.#unsubscribe) return;
    this.#unsubscribe = this.session.subscribe((event) => {
      this.#host.requestUpdate();
      this.#onEvent(event);
    });
  }
}
