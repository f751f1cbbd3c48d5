import type {ReactiveControllerHost} from 'lit';
import type {ParsedConfig} from '../config/parse-config.js';
import {toSecureMapError, type SecureMapError} from '../credentials/errors.js';
import type {SessionEvent} from '../credentials/session-event.js';
import type {LoginMode} from '../credentials/credential.js';
import {createAuthorizedFetch, type AuthorizedFetch} from '../request/authorized-fetch.js';
import {createPartRequest} from '../request/part-request.js';
import {AuthController} from './auth-controller.js';
import {browserEnvironment} from './browser-environment.js';
import {ConfigController} from './config-controller.js';
import * as events from './events.js';
import {LayersController} from './layers-controller.js';
import {MapController, type ViewSettings} from './map-controller.js';
import type {Parts} from './parts.js';
import {SignIn} from './sign-in.js';
import type {StatusFacts} from './status.js';
import {saveSnapshot, takeSnapshot} from './view-snapshot.js';

/** What the viewer reads from the tag, at the time when it needs it. */
export interface ViewerHost extends ReactiveControllerHost, HTMLElement {
  readonly parts: Parts;
  readonly loginWay: LoginMode | 'none';
  readonly loginRequired: boolean;
}

type Concern = 'source' | 'view' | 'config' | 'config view' | 'layers' | 'layer list' | 'controls' | 'theme' | 'login';

const none = {layers: [], problems: []} as const;

/** Puts the controllers of the tag together: what one of them learns, the others act on. */
export class Viewer {
  readonly #host: ViewerHost;
  readonly auth: AuthController;
  readonly map: MapController;
  readonly layers: LayersController;
  readonly config: ConfigController;
  readonly signIn: SignIn;
  readonly fetch: AuthorizedFetch;
  #errors = new Map<Concern, readonly SecureMapError[]>();
  #configError: SecureMapError | undefined;
  #sourceError: SecureMapError | undefined;
  #isDismissed = false;
  #title: string | undefined;
  /** The view that the attributes ask for: it wins over the config's. */
  #attributeView: ViewSettings = {};
  #configView: ViewSettings = {};
  #snapshot: ReturnType<typeof takeSnapshot>;
  #sleep: (() => void) | undefined;

  constructor(host: ViewerHost) {
    this.#host = host;
    this.auth = new AuthController(host, browserEnvironment, (event) => this.#onSession(event));
    this.fetch = createAuthorizedFetch({
      environment: browserEnvironment,
      identities: () => this.auth.identities,
      onBlocked: (origin, layerId) => host.dispatchEvent(new events.RequestBlockedEvent(origin, layerId)),
    });
    this.map = new MapController(host, (view) => {
      host.dispatchEvent(new events.ViewChangeEvent(view));
      host.requestUpdate();
    });
    this.layers = new LayersController({
      map: this.map.map,
      createLayer: (config, context) => host.parts.createLayer(config, context),
      contextFor: (config, id, baseUrl) => ({
        request: this.#requestFor(config.credential, id),
        isPublic: () => config.credential === 'none' || this.auth.identities.length === 0,
        baseUrl,
        projection: this.map.projection,
      }),
      onChange: () => host.requestUpdate(),
      onLoadStart: (id) => host.dispatchEvent(new events.LayerLoadStartEvent(id)),
      onLoadEnd: (id) => host.dispatchEvent(new events.LayerLoadEndEvent(id)),
      onLayerError: (layerId, {kind, status, url, message}) => {
        this.#isDismissed = false;
        host.dispatchEvent(new events.LayerErrorEvent({layerId, kind, status, url, message}));
      },
      onProblem: (error) => this.#tell(error),
    });
    this.config = new ConfigController({
      parts: () => host.parts,
      request: this.#requestFor(undefined, undefined),
      apply: (config, baseUrl) => this.#applyConfig(config, baseUrl),
      onError: (error) => {
        this.#configError = error;
        if (error) this.#tell(error);
        host.requestUpdate();
      },
    });
    this.signIn = new SignIn({
      auth: this.auth,
      way: () => host.loginWay,
      isRequired: () => host.loginRequired,
      dispatch: (event) => host.dispatchEvent(event),
      onChange: () => host.requestUpdate(),
    });
    host.addController(this);
  }

  /** The title that the config gives the map. */
  get title(): string | undefined {
    return this.#title;
  }

  /** What a layer or a config says is under way. */
  get isBusy(): boolean {
    return this.config.isLoading || this.layers.entries.some(({isLoading}) => isLoading);
  }

  get facts(): StatusFacts {
    return {
      state: this.auth.state,
      isSigningIn: this.signIn.isRunning,
      isSignInAsked: this.signIn.isAsked,
      canSignIn: this.signIn.canSignIn,
      loginError: this.signIn.error,
      sourceError: this.#sourceError,
      configError: this.#configError,
      pageErrors: [...this.#errors.values()].flat(),
      layers: this.layers.entries,
      isDismissed: this.#isDismissed,
    };
  }

  hostConnected(): void {
    this.#snapshot ??= takeSnapshot(this.#host);
    this.layers.resume();
    void this.config.retry();
    // After sleep or a lost network whatever failed is asked for again.
    this.#sleep ??= browserEnvironment.onWake(() => this.retry());
  }

  hostDisconnected(): void {
    this.#sleep?.();
    this.#sleep = undefined;
    // An element that is only moved is connected again in the same turn and keeps all it has loaded.
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.config.abort();
      this.layers.suspend();
    });
  }

  /** Does something that the attributes ask for; what is wrong with them is shown until it is mended. */
  attempt(concern: Concern, task: () => void): void {
    try {
      task();
      this.setErrors(concern, []);
    } catch (error) {
      this.setErrors(concern, [toSecureMapError(error, 'invalid-attribute', `${concern}: wrong value.`)]);
    }
  }

  setErrors(concern: Concern, errors: readonly SecureMapError[]): void {
    if (errors.length > 0) this.#errors.set(concern, errors);
    else this.#errors.delete(concern);
    for (const error of errors) this.#tell(error);
    this.#host.requestUpdate();
  }

  setView(view: ViewSettings): void {
    this.#attributeView = view;
    this.#showView('view');
  }

  async setConfig(config: unknown): Promise<void> {
    await this.config.set(config);
  }

  async setLayers(value: unknown): Promise<void> {
    const {layers, problems} = value === undefined ? none : this.#host.parts.parseLayers(value);
    this.setErrors('layer list', problems);
    await this.layers.replaceAll('attribute', layers, document.baseURI);
    this.#restoreLayers();
  }

  /** `login-required`: finds out at once whether somebody is signed in; the session asks the visitor if not. */
  askForSignIn(): void {
    this.auth.session?.credential().catch(() => undefined);
  }

  /** Another source of the credential: nothing of the one before may stay. */
  resetAll(): void {
    this.#sourceError = undefined;
    this.layers.reset();
  }

  /** Asks again for whatever is missing. */
  retry(): void {
    this.layers.retry();
    void this.config.retry();
  }

  /** The visitor's "try again": the source of the credential too. */
  retryAll(): void {
    this.auth.session?.refresh().catch(() => undefined);
    this.retry();
  }

  dismiss(): void {
    this.#isDismissed = true;
    this.#host.requestUpdate();
  }

  #requestFor(credential: string | undefined, layerId: string | undefined) {
    return createPartRequest({
      authorizedFetch: (request, options) => this.fetch(request, options),
      now: () => browserEnvironment.now(),
      credential,
      layerId,
    });
  }

  #onSession(event: SessionEvent): void {
    const host = this.#host;
    this.signIn.handle(event);
    switch (event.type) {
      case 'state':
        host.dispatchEvent(new events.AuthStateChangeEvent(event.state, event.previous, event.reason));
        if (event.state === 'signed-out') this.#forgetVisitor();
        break;
      case 'granted':
        this.#sourceError = undefined;
        if (event.renewed) host.dispatchEvent(new events.TokenRefreshedEvent(event.expiresAt));
        if (event.sameUser) this.retry();
        else void this.#forgetVisitor().then(() => this.retry());
        break;
      case 'over':
        host.dispatchEvent(new events.SessionExpiredEvent(event.reason));
        break;
      case 'leaving':
        this.#saveSnapshot();
        break;
      case 'error':
        this.#sourceError = event.error;
        this.#tell(event.error);
        break;
      case 'required':
        break;
    }
  }

  async #forgetVisitor(): Promise<void> {
    this.layers.reset();
    await this.config.reset();
  }

  async #applyConfig(config: ParsedConfig | undefined, baseUrl: string): Promise<void> {
    this.#title = config?.title;
    this.#configView = config?.view ?? {};
    if (config?.view) this.#showView('config view');
    this.setErrors('config', config?.problems ?? []);
    await this.layers.replaceAll('config', config?.layers ?? [], baseUrl);
    this.#restoreLayers();
  }

  #showView(concern: 'view' | 'config view'): void {
    // A center in the config's own system cannot be mixed with one in lon/lat, so `crs` goes with what it is about.
    const {crs, ...config} = this.#configView;
    const own = this.#attributeView;
    const view = {...config, ...own, crs: own.center || own.extent ? undefined : crs};
    this.attempt(concern, () => this.map.setView(view));
    if (this.#snapshot) this.map.restore(this.#snapshot);
  }

  #saveSnapshot(): void {
    const visible = this.layers.entries.filter(({isVisible}) => isVisible).map(({id}) => id);
    saveSnapshot(this.#host, {...this.map.view, visible});
  }

  /** Layers that are here already; those of a config that is not loaded yet follow with it. */
  #restoreLayers(): void {
    for (const {id} of this.#snapshot ? this.layers.entries : []) {
      this.layers.setVisible(id, this.#snapshot?.visible.includes(id) ?? true);
    }
  }

  #tell(error: SecureMapError): void {
    this.#host.dispatchEvent(new events.SecureMapErrorEvent(error));
  }
}
