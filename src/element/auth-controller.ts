import type {ReactiveController, ReactiveControllerHost} from 'lit';
import type {Environment} from '../credentials/environment.js';
import type {EndRequest, UserClaims} from '../credentials/credential.js';
import {SecureMapError} from '../credentials/errors.js';
import {CredentialSession, type LoginRequest} from '../credentials/session.js';
import type {SessionEvent} from '../credentials/session-event.js';
import {sharedSession} from '../credentials/session-registry.js';
import type {AuthState} from '../credentials/state.js';
import type {Identity} from '../request/route.js';
import type {Transport} from '../request/transport.js';
import type {SourceKind, SourceSettings} from '../sources/source-kind.js';
import type {IdentitySettings} from './identity-settings.js';
import {UnsharedSessions} from './unshared-sessions.js';

export interface AuthSettings extends IdentitySettings {
  /** 0 for the tag's own attributes, then the entries of `credentials` in their order. */
  readonly slot: number;
  readonly kind: SourceKind;
  readonly source: SourceSettings;
  readonly transport: Transport;
}

/** An identity, and what of the markup it came from. */
type BoundIdentity = Identity & Pick<AuthSettings, 'kind' | 'slot'> & {readonly name: string | undefined};

/** What a visitor with several identities has to know first. */
const urgency: readonly AuthState[] = [
  'authenticating',
  'expired',
  'signed-out',
  'error',
  'refreshing',
  'authenticated',
];

/** Binds the element to the sessions that its attributes mean, while it is in the document. */
export class AuthController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #environment: Environment;
  readonly #onEvent: (event: SessionEvent) => void;
  #identities: readonly BoundIdentity[] = [];
  #supplying = new AbortController();
  #subscriptions: (() => void)[] = [];
  #isConnected = false;
  #state: AuthState = 'anonymous';
  readonly unshared = new UnsharedSessions();
  /** Whose session each was when nobody here listened any more. */
  #eras: readonly number[] = [];
  /** The session whose request waits for the visitor. */
  #asking: CredentialSession | undefined;

  constructor(host: ReactiveControllerHost, environment: Environment, onEvent: (event: SessionEvent) => void) {
    this.#host = host;
    this.#environment = environment;
    this.#onEvent = onEvent;
    host.addController(this);
  }

  get identities(): readonly Identity[] {
    return this.#identities;
  }

  get hasSessions(): boolean {
    return this.#identities.length > 0;
  }

  /** The state of the one session, or of the one among several that matters most. */
  get state(): AuthState {
    const states = this.#sessions.map(({state}) => state);
    return urgency.find((state) => states.includes(state)) ?? 'anonymous';
  }

  get user(): UserClaims | undefined {
    return this.#sessions.find(({user}) => user)?.user;
  }

  get expiresAt(): number | undefined {
    return this.#sessions.find(({expiresAt}) => expiresAt !== undefined)?.expiresAt;
  }

  /** Whether somebody else came, or the visitor left, while the element was out of the document. Asked once. */
  takeChangeOfHands(): boolean {
    const eras = this.#eras;
    this.#eras = [];
    return eras.length > 0 && this.#sessions.some(({era}, index) => era !== eras[index]);
  }

  /** Whether the visitor can sign in here, or only the page can bring a new credential. */
  get canSignIn(): boolean {
    return this.#toSignIn?.canSignIn ?? false;
  }

  /** What the visitor signs in to, the same at each load of the page. */
  get signInName(): string {
    return this.#identities.find(({session}) => session === this.#toSignIn)?.name ?? '';
  }

  /** The state of the session whose request waits for the visitor. */
  get askingState(): AuthState | undefined {
    return this.#asking?.state;
  }

  get takesForm(): boolean {
    return this.#toSignIn?.takesForm ?? false;
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

  /** Takes the sessions that the attributes mean. Throws `invalid-attribute` and keeps none then. */
  configure(settings: readonly AuthSettings[]): void {
    this.clear();
    this.#identities = settings.map((one) => {
      const {id, scope, transport, kind, slot} = one;
      return {id, scope, transport, kind, slot, ...this.#open(one)};
    });
    this.unshared.keep(this.#sessions);
    this.#listen();
  }

  clear(): void {
    this.#leave();
    this.#supplying.abort();
    this.#identities = [];
    this.#eras = [];
    this.#asking = undefined;
    this.#host.requestUpdate();
  }

  /** Where credentials may go and how has changed; who the visitor is has not, and who signed out stays signed out. */
  rebind(bind: (slot: number, kind: SourceKind) => Pick<AuthSettings, 'scope' | 'transport'>): void {
    this.#identities = this.#identities.map((identity) => {
      const {scope, transport} = bind(identity.slot, identity.kind);
      return {...identity, scope, transport};
    });
  }

  /** Whether the session of the tag's own attributes is one that the page brings its tokens to. */
  get takesToken(): boolean {
    return this.#own?.kind.selectedBy.includes('token') ?? false;
  }

  /** Whether a session's kind of credential depends on where it may go. */
  get isByCookie(): boolean {
    return this.#identities.some(({kind}) => kind.carriedBy === 'cookie');
  }

  /** Continues the tag's own session with a token that the page set. The newest one wins, and none wins over a sign-out. */
  supply({kind, fields, source}: AuthSettings): void {
    const session = this.#own?.session;
    const next = kind.create(fields, source);
    this.#supplying.abort();
    const {signal} = (this.#supplying = new AbortController());
    next.acquire({reason: 'initial', signal}).then(
      (issued) => {
        if (!signal.aborted) session?.supply(issued);
      },
      // A wrong token was named when the source was made; what is left is an abort.
      () => undefined,
    );
  }

  async login(request: LoginRequest): Promise<void> {
    const session = this.#toSignIn;
    if (!session) {
      throw new SecureMapError('login-refused', 'The tag names no source of a credential to sign in to.');
    }
    await session.login(request);
  }

  async logout(request: Pick<EndRequest, 'everywhere' | 'mode'>): Promise<void> {
    this.#supplying.abort();
    await Promise.all(this.#sessions.map((session) => session.logout(request)));
  }

  async refresh(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.refresh()));
  }

  /** `login-required`: finds out at once whether somebody is signed in; the session asks the visitor if not. */
  probe(): void {
    for (const session of this.#sessions) session.credential().catch(() => undefined);
  }

  get #own(): BoundIdentity | undefined {
    return this.#identities.find(({slot}) => slot === 0);
  }

  get #sessions(): readonly CredentialSession[] {
    return [...new Set(this.#identities.map(({session}) => session))];
  }

  /** The session that a press of the button is about. */
  get #toSignIn(): CredentialSession | undefined {
    const isSignedIn = ({state}: CredentialSession): boolean => state === 'authenticated' || state === 'refreshing';
    if (this.#asking && !isSignedIn(this.#asking)) return this.#asking;
    const open = this.#sessions.filter((session) => !isSignedIn(session));
    return open.find(({canSignIn}) => canSignIn) ?? open[0] ?? this.#sessions[0];
  }

  #open({kind, fields, source, refreshSkew, storage, slot}: AuthSettings): Pick<BoundIdentity, 'name' | 'session'> {
    const identity = kind.identity(fields, source);
    const name = typeof identity === 'string' ? identity : undefined;
    const create = (): CredentialSession =>
      new CredentialSession({
        source: kind.create(fields, source),
        environment: this.#environment,
        refreshSkew,
        storage,
        name,
      });
    if (identity === undefined) return {name, session: this.unshared.open(fields, slot, create)};
    return {name, session: sharedSession(name === undefined ? identity : `${storage} ${name}`, create)};
  }

  #leave(): void {
    this.#eras = this.#sessions.map(({era}) => era);
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#subscriptions = [];
  }

  #listen(): void {
    if (!this.#isConnected || this.#subscriptions.length > 0) return;
    this.#state = this.state;
    // Known before the first event comes, which may be at once.
    this.#subscriptions = this.#sessions.map((session) => session.subscribe((event) => this.#receive(session, event)));
  }

  #receive(session: CredentialSession, event: SessionEvent): void {
    this.#host.requestUpdate();
    if (event.type === 'required') this.#asking = session;
    if (event.type !== 'state') return this.#onEvent(event);
    const {state} = this;
    if (state === this.#state) return;
    const previous = this.#state;
    this.#state = state;
    this.#onEvent({...event, state, previous});
  }
}
