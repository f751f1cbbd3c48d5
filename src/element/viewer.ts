import type {ParsedConfig} from '../config/parse-config.js';
import {isSecureMapError, type SecureMapError} from '../credentials/errors.js';
import type {SessionEvent} from '../credentials/session-event.js';
import type {RequestError} from '../request/request-error.js';
import {AuthController} from './auth-controller.js';
import {browserEnvironment, createPageEnvironment} from './browser-environment.js';
import {ConfigController} from './config-controller.js';
import * as events from './events.js';
import type {FrameController} from './frame-controller.js';
import {LayersController} from './layers-controller.js';
import {MapController} from './map-controller.js';
import {MapRequests} from './map-requests.js';
import {Panels} from './panels.js';
import {Problems} from './problems.js';
import {showFrame} from './show-frame.js';
import {showView} from './show-view.js';
import {SignIn} from './sign-in.js';
import {factsOf, type Trouble} from './facts.js';
import type {StatusFacts} from './status.js';
import {tellPage} from './tell-page.js';
import {ViewChooser} from './view-chooser.js';
import type {ViewerHost} from './viewer-host.js';

/** Puts the controllers of the tag together: what one of them learns, the others act on. */
export class Viewer {
  readonly #host: ViewerHost;
  readonly environment = createPageEnvironment();
  readonly auth: AuthController;
  readonly map: MapController;
  readonly layers: LayersController;
  readonly config: ConfigController;
  readonly signIn: SignIn;
  readonly requests: MapRequests;
  readonly view: ViewChooser;
  readonly problems: Problems;
  readonly panels: Panels;
  /** A page of a platform in the place of the map. */
  frame: FrameController | undefined;
  readonly #trouble: Trouble = {};
  #title: string | undefined;
  #sleep: (() => void) | undefined;
  #layersWanted: symbol | undefined;

  constructor(host: ViewerHost) {
    this.#host = host;
    this.auth = new AuthController(host, this.environment, (event) => this.#onSession(event));
    this.requests = new MapRequests({
      environment: this.environment,
      identities: () => this.auth.identities,
      projection: () => this.map.projection,
      openBridges: async () => new (await import('./bridge-controller.js')).BridgeController(host, this),
      onBlocked: (origin, layerId) => host.dispatchEvent(new events.RequestBlockedEvent(origin, layerId)),
    });
    this.map = new MapController(host, (view) => {
      host.dispatchEvent(new events.ViewChangeEvent(view));
      host.requestUpdate();
    });
    this.view = new ViewChooser(host, this.map, () => this.layers.remake());
    this.problems = new Problems((errors) => {
      for (const error of errors) this.tell(error);
      host.requestUpdate();
    });
    this.layers = new LayersController({
      map: this.map.map,
      createLayer: (config, context) => host.parts.createLayer(config, context),
      contextFor: (...layer) => this.requests.contextFor(...layer),
      onChange: () => host.requestUpdate(),
      onLoadStart: (id) => host.dispatchEvent(new events.LayerLoadStartEvent(id)),
      onLoadEnd: (id) => host.dispatchEvent(new events.LayerLoadEndEvent(id)),
      onLayerError: (layerId, error) => {
        this.#trouble.isDismissed = false;
        this.#tellLayerError(layerId, error);
      },
      onProblem: (error) => this.tell(error),
    });
    this.panels = new Panels({
      map: this.map.map,
      slots: () => this.layers.slots,
      root: () => host.shadowRoot,
      entries: () => this.layers.entries,
      onProblem: (error) => this.tell(error),
      onChange: () => host.requestUpdate(),
      onFound: (...found) => host.dispatchEvent(new events.FeatureSelectEvent(...found)),
      onError: (layerId, error) => this.#tellLayerError(layerId, error),
    });
    this.config = new ConfigController({
      parts: () => host.parts,
      request: this.requests.requestFor(undefined, undefined),
      apply: (...config) => this.#applyConfig(...config),
      showFrame: (frame) => showFrame(this, host, frame),
      warn: this.environment.warn,
      onError: (error) => {
        this.#trouble.config = error;
        if (error) this.tell(error);
        host.requestUpdate();
      },
    });
    this.signIn = new SignIn({
      auth: this.auth,
      way: () => host.loginWay,
      isRequired: () => host.loginRequired,
      isConnected: () => host.isConnected,
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
    return factsOf(this, this.#trouble);
  }

  hostConnected(): void {
    this.layers.choose(this.view.takeSnapshot() ?? new Map());
    void this.#begin(this.auth.takeChangeOfHands());
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
      this.panels.clear();
      this.requests.forget();
    });
  }

  async setLayers(value: unknown): Promise<void> {
    const mine = (this.#layersWanted = Symbol('layers'));
    // Layers are made for the projection of the view.
    const [{layers, problems}] = await Promise.all([this.#host.parts.parseLayers(value ?? []), this.view.settled]);
    // A newer list came while the parts of this one were loaded.
    if (mine !== this.#layersWanted) return;
    this.problems.set('layer list', problems);
    await this.layers.replaceAll('attribute', layers, document.baseURI);
  }

  /** Another source of the credential: nothing of the one before may stay, and what failed without it may work now. */
  changeSource(hadSession: boolean): void {
    this.#trouble.source = undefined;
    this.#trouble.endsAt = undefined;
    this.problems.set('transport', []);
    if (hadSession) void this.#forgetVisitor().then(() => this.retry());
    else {
      this.layers.retry();
      void this.config.again();
    }
  }

  /** Asks again for whatever is missing. */
  retry(): void {
    this.layers.retry();
    void this.config.retry();
  }

  /** The visitor's "stay": the source of the credential is asked, which keeps the session alive. */
  stay(): void {
    this.auth.refresh().catch(() => undefined);
  }

  /** The visitor's "try again": the source of the credential too. */
  retryAll(): void {
    this.auth.refresh().catch(() => undefined);
    this.retry();
  }

  dismiss(): void {
    this.#trouble.isDismissed = true;
    this.#host.requestUpdate();
  }

  #onSession(event: SessionEvent): void {
    this.signIn.handle(event);
    tellPage(this.#host, event);
    if (event.type === 'error') this.#trouble.source = event.error;
    if (event.type === 'ending') this.#trouble.endsAt = event.endsAt;
    if (event.type === 'leaving') this.view.saveSnapshot(this.layers.visibility);
    if (event.type === 'state' && event.state === 'signed-out') void this.#forgetVisitor();
    if (event.type !== 'granted') return;
    this.#trouble.source = undefined;
    if (event.sameUser) this.retry();
    else void this.#forgetVisitor().then(() => this.retry());
  }

  async #begin(isAnotherVisitor: boolean): Promise<void> {
    if (isAnotherVisitor) await this.#forgetVisitor();
    this.layers.resume();
    await this.config.retry();
  }

  async #forgetVisitor(): Promise<void> {
    this.requests.forget();
    this.panels.clear();
    this.layers.reset();
    await this.config.reset();
  }

  async #applyConfig(config: ParsedConfig | undefined, baseUrl: string, signal: AbortSignal): Promise<void> {
    const problems = config ? await showView(config, this.#host.parts, this, signal) : [];
    if (signal.aborted) return;
    this.#title = config?.title;
    this.problems.set('config', problems);
    await this.layers.replaceAll('config', config?.layers ?? [], baseUrl);
  }

  #tellLayerError(layerId: string, error: RequestError): void {
    this.#host.dispatchEvent(new events.LayerErrorEvent(layerId, error));
    const {cause} = error;
    if (isSecureMapError(cause) && cause.code === 'invalid-config') this.problems.set('transport', [cause]);
  }

  /** Something is wrong that the page should know. */
  tell(error: SecureMapError): void {
    this.#host.dispatchEvent(new events.SecureMapErrorEvent(error));
  }
}
