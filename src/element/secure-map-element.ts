import {LitElement, type PropertyDeclaration, type PropertyValues, type TemplateResult} from 'lit';
import {property} from 'lit/decorators.js';
import type BaseLayer from 'ol/layer/Base.js';
import type OlMap from 'ol/Map.js';
import type {LoginMode, UserClaims} from '../credentials/credential.js';
import {SecureMapError} from '../credentials/errors.js';
import type {StorageKind} from '../credentials/open-vault.js';
import type {AuthState} from '../credentials/state.js';
import type {ConfigAdapter, Platform} from '../platforms/platform.js';
import type {GetToken} from '../sources/source-kind.js';
import {attributeDefaults, parseControls, type ControlName} from './attributes.js';
import {SecureMapReadyEvent} from './events.js';
import type {ExportOptions} from './panels/export-image.js';
import type {Parts} from './parts.js';
import {shell} from './shell/shell.js';
import {styles} from './shell/styles.js';
import {takeChanges} from './take-changes.js';
import {Viewer} from './viewer.js';
import {withoutTokens} from './without-tokens.js';
import {languageOf, Vocabulary} from './words/words.js';

/**
 * A map whose parts may be behind authorization. Signs the visitor in or takes a credential from the page, keeps it
 * fresh, and puts it on every request of the map and on no other.
 *
 * @summary A protected map in one tag.
 *
 * @fires {SecureMapReadyEvent} secure-map-ready - The map is there, with what does not wait for a sign-in.
 * @fires {AuthStateChangeEvent} auth-state-change - What the visitor's session does has changed.
 * @fires {AuthRequiredEvent} auth-required - A request needs a sign-in. Cancel it to show one of your own.
 * @fires {TokenRefreshedEvent} token-refreshed - A new credential replaced the one before.
 * @fires {SessionExpiredEvent} session-expired - The session ended without the visitor asking for it.
 * @fires {SessionEndingEvent} session-ending - The session ends soon unless the visitor does something.
 * @fires {LayerLoadStartEvent} layer-load-start - A layer began to load.
 * @fires {LayerLoadEndEvent} layer-load-end - Nothing of a layer is under way any more.
 * @fires {LayerErrorEvent} layer-error - A part of a layer could not be loaded.
 * @fires {RequestBlockedEvent} request-blocked - A credential was asked for an origin that may not have it.
 * @fires {ViewChangeEvent} view-change - The map stands still after a move.
 * @fires {FeatureSelectEvent} feature-select - The visitor asked what is at a place, and a layer knows.
 * @fires {SecureMapErrorEvent} secure-map-error - Something is wrong that names itself by `error.code`.
 *
 * @slot top-start - Below the controls at the top left (top right in right-to-left pages).
 * @slot top-end - Below the account button.
 * @slot bottom-start - Above the scale.
 * @slot bottom-end - Above the attribution.
 * @slot login - Instead of the account button.
 * @slot loading - Instead of the progress bar.
 * @slot error - Instead of the messages.
 *
 * @csspart map - The map itself.
 * @csspart frame - What stands in the place of the map, with a platform that has a viewer of its own.
 * @csspart zoom - The zoom buttons.
 * @csspart layers - The list of layers.
 * @csspart legend - What the signs of the layers mean.
 * @csspart export - The button that saves the map as an image.
 * @csspart identify - What is at the place that was pressed.
 * @csspart pin - The mark at that place.
 * @csspart scale - The scale bar.
 * @csspart attribution - Who made what is to be seen.
 * @csspart account - The sign-in or sign-out button and the visitor's name.
 * @csspart progress - The bar that shows while something loads.
 * @csspart status - The message to the visitor.
 * @csspart action - A button of the message.
 *
 * @cssproperty --secure-map-accent - Colour of buttons that ask to be pressed.
 * @cssproperty --secure-map-on-accent - Colour of text on the accent colour.
 * @cssproperty --secure-map-surface - Background of the controls.
 * @cssproperty --secure-map-text - Colour of text.
 * @cssproperty --secure-map-muted - Colour of text that matters less.
 * @cssproperty --secure-map-line - Colour of lines.
 * @cssproperty --secure-map-warning - Colour that marks a warning.
 * @cssproperty --secure-map-error - Colour that marks an error.
 * @cssproperty --secure-map-background - Where there is no map.
 * @cssproperty --secure-map-radius - Roundness of the controls.
 * @cssproperty --secure-map-gap - Distance of the controls from the edge.
 * @cssproperty --secure-map-control-size - Height of the controls; 40px by default.
 * @cssproperty --secure-map-min-height - Least height of the map; 240px by default.
 * @cssproperty --secure-map-font - Font family.
 */
export abstract class SecureMapElement extends LitElement {
  static override readonly styles = styles;

  /** The registries, handed over by the composition root. @internal */
  abstract readonly parts: Parts;

  /** URL of a map configuration; the property also takes the configuration itself. */
  @property() config: string | object | undefined;
  /** JSON array of layer configurations; the property also takes the array. */
  @property() layers: string | readonly object[] | undefined;
  /** A map platform: `onemap`, `planviewer`, `spectrum`, `supermap-imanager`, `supermap-iserver` or `spatial-studio`; or one of the page's own. */
  @property() platform: string | Platform | undefined;
  /** The platform's address, or the path of a proxy before it. */
  @property() server: string | undefined;
  /** The map on the platform. Attribute: `map`; the property `map` is the `ol/Map`. */
  @property({attribute: 'map'}) mapName: string | undefined;
  /** JSON object of what the platform has to choose from; the property also takes the object. */
  @property({attribute: 'platform-options'}) platformOptions: string | object | undefined;
  /** Makes a map configuration of a document that the platform answers with in a shape of its own. */
  @property({attribute: false}) configAdapter: ConfigAdapter | undefined;
  /** `lon,lat` in degrees. */
  @property() center: string | readonly [number, number] | undefined;
  /** Zoom level. */
  @property() zoom: string | number | undefined;
  /** Clockwise, in radians. */
  @property() rotation: string | number | undefined;
  /** `west,south,east,north` in degrees: the view stays inside. */
  @property() extent: string | readonly [number, number, number, number] | undefined;
  /** Projection of the view, `EPSG:3857` by default. */
  @property() projection: string | undefined;
  /** Space-separated: `zoom layers scale account` by default, and `legend export`; `none` for none. */
  @property() controls = 'zoom layers scale account';
  /** Language of the shell; the page's by default. */
  @property({reflect: true, useDefault: true}) override lang = '';
  /** `auto`, `light` or `dark`. */
  @property({reflect: true}) theme: 'auto' | 'light' | 'dark' = 'auto';

  /** The page's function that gives a token. */
  @property({attribute: false}) getToken: GetToken | undefined;
  /** Where the site hands out short-lived tokens. */
  @property({attribute: 'token-url'}) tokenUrl: string | undefined;
  /** Where the site's back end says whether the visitor is signed in there, by a cookie. */
  @property({attribute: 'session-url'}) sessionUrl: string | undefined;
  /** The back end's page to sign in; with `login-kind` the service that takes a user name and password. */
  @property({attribute: 'login-url'}) loginUrl: string | undefined;
  /** What that service takes: `json` or `basic`. Needs `secure-map/password.js`. */
  @property({attribute: 'login-kind'}) loginKind: string | undefined;
  /** Where the back end ends the session. */
  @property({attribute: 'logout-url'}) logoutUrl: string | undefined;
  /** The OpenID Connect issuer to sign in at. */
  @property() authority: string | undefined;
  /** Where a provider without discovery signs visitors in (plain OAuth 2.0). */
  @property({attribute: 'authorization-endpoint'}) authorizationEndpoint: string | undefined;
  /** Where it gives tokens. */
  @property({attribute: 'token-endpoint'}) tokenEndpoint: string | undefined;
  /** Where it takes them back (RFC 7009). */
  @property({attribute: 'revocation-endpoint'}) revocationEndpoint: string | undefined;
  /** What it calls itself in its answers, where it does (RFC 9207); one that names another issuer, or none, is refused. */
  @property() issuer: string | undefined;
  /** The client's name at the provider. */
  @property({attribute: 'client-id'}) clientId: string | undefined;
  /** What is asked for, `openid` by default. */
  @property() scope: string | undefined;
  /** The service that the token is for (RFC 8707). */
  @property() resource: string | undefined;
  /** The page that the issuer sends the answer to; `callback.html` beside the module by default. */
  @property({attribute: 'redirect-uri'}) redirectUri: string | undefined;
  /** Where the issuer sends the visitor after signing out there. */
  @property({attribute: 'post-logout-redirect-uri'}) postLogoutRedirectUri: string | undefined;
  /** Bind tokens to a key of this browser (RFC 9449): `auto`, when the issuer offers it; `off`; `required`. */
  @property() dpop: 'auto' | 'off' | 'required' = 'auto';
  /** How the visitor signs in: `popup`, `redirect`, or `none` when the page asks by itself. Attribute: `login`. */
  @property({attribute: 'login'}) loginMode: LoginMode | 'none' = 'popup';
  /** Ask for the sign-in at once, not only when a request needs it. */
  @property({attribute: 'login-required', type: Boolean}) loginRequired = false;
  /** Origins, each with an optional path prefix, that may receive the credential. */
  @property({attribute: 'allowed-origins'}) allowedOrigins: string | undefined;
  /** JSON array of identities: `{id?, origins, transport?, name?, prefix?}` and a source; `token` by property only. */
  @property() credentials: string | readonly object[] | undefined;
  /** How the credential travels: `header`, `query`, `form`, `cookie` or `mac`. */
  @property({attribute: 'token-transport'}) tokenTransport = 'header';
  /** Name of the header, `Authorization` by default; of the parameter or field, `access_token` by default. */
  @property({attribute: 'token-name'}) tokenName: string | undefined;
  /** What stands before the token, `Bearer` by default. */
  @property({attribute: 'token-prefix'}) tokenPrefix: string | undefined;
  /** Where the credential is kept: `memory`, or `session` or `local`, which any script of the page's origin can read. */
  @property({attribute: 'token-storage'}) tokenStorage: StorageKind = 'memory';
  /** Seconds before the expiry at which the credential is renewed. */
  @property({attribute: 'refresh-skew'}) refreshSkew: string | number | undefined;
  /** Addresses of bridge pages on tile hosts, separated by spaces: through them tiles need no preflights. */
  @property({attribute: 'tile-bridge'}) tileBridge: string | undefined;

  readonly #viewer = new Viewer(this);
  readonly #vocabulary = new Vocabulary();
  readonly #ready = Promise.withResolvers<OlMap>();
  #token: string | undefined;
  #shownControls: ReadonlySet<ControlName> = new Set();

  constructor() {
    super();
    // A page may have set the property before the tag was defined; as an own property it would hide the setter.
    if (!Object.hasOwn(this, 'token')) return;
    const early: unknown = Object.getOwnPropertyDescriptor(this, 'token')?.value;
    Reflect.deleteProperty(this, 'token');
    this.token = typeof early === 'string' ? early : undefined;
  }

  /** An attribute that is taken away is as if it had never been there, which is not the `null` of the platform. */
  static override createProperty(name: PropertyKey, options?: PropertyDeclaration): void {
    const converter = {fromAttribute: (value: string | null) => value ?? undefined};
    super.createProperty(name, options?.type ? options : {...options, converter});
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'token'];
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    const clean = name === 'credentials' && value !== null ? withoutTokens(value) : value;
    // Comes back in here, with what may stay where any script, style or extension can read it.
    if (clean !== null && clean !== value) return this.setAttribute(name, clean);
    if (name !== 'token') return super.attributeChangedCallback(name, old, value ?? attributeDefaults[name] ?? null);
    if (value === null) return;
    this.token = value;
    // Read once, for the same reason.
    this.removeAttribute('token');
  }

  /** Hands a token over. Setting it again continues what waited. It cannot be read back. */
  set token(value: string | undefined) {
    this.#token = value ?? undefined;
    // The getter tells nothing, so a change is told apart by a value that it never has.
    this.requestUpdate('token', '');
  }

  get token(): undefined {
    return undefined;
  }

  /** @internal */
  get givenToken(): string | undefined {
    return this.#token;
  }

  /** The `ol/Map`. */
  get map(): OlMap {
    return this.#viewer.map.map;
  }

  /** What the visitor's session does. */
  get authState(): AuthState {
    return this.#viewer.auth.state;
  }

  /** When the credential ends, in milliseconds since the epoch; `undefined` while nobody knows. */
  get expiresAt(): number | undefined {
    return this.#viewer.auth.expiresAt;
  }

  /** Who is signed in, for display: claims, never a token. */
  get user(): UserClaims | undefined {
    return this.#viewer.auth.user;
  }

  /** Resolves when the map is there; what waits for a sign-in comes later. */
  get ready(): Promise<OlMap> {
    return this.#ready.promise;
  }

  /** @internal */
  get embed(): string | undefined {
    return this.#viewer.frame?.signInUrl;
  }

  /** @internal */
  get loginWay(): LoginMode | 'none' {
    return this.loginMode;
  }

  /** Signs the visitor in. Call it in the handler of a click, so that a window may open. */
  login(): Promise<void> {
    return this.#viewer.signIn.login();
  }

  /** Signs out here and revokes; with `everywhere` at the provider too. Never rejects. */
  async logout({everywhere = false}: {readonly everywhere?: boolean} = {}): Promise<void> {
    const mode = this.loginMode === 'redirect' ? 'redirect' : 'popup';
    await this.#viewer.auth.logout({everywhere, mode});
  }

  /** Renews the credential now. */
  async refresh(): Promise<void> {
    await this.#viewer.auth.refresh();
  }

  /** The authorized fetch, for the page's own calls. Waits for a sign-in when one is needed. */
  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const {response} = await this.#viewer.requests.fetch(new Request(input, init), {whileSignedOut: 'wait'});
    return response;
  }

  /** Puts one more layer on top. Resolves with its id; rejects when the config is wrong. */
  async addLayer(config: object): Promise<string> {
    const {layers, problems} = await this.parts.parseLayers([config]);
    if (!layers[0]) throw problems[0] ?? new SecureMapError('invalid-layer', 'addLayer: not a layer.');
    return this.#viewer.layers.add(layers, document.baseURI);
  }

  /** Takes a layer off. True when there was one. */
  removeLayer(id: string): boolean {
    return this.#viewer.layers.remove(id);
  }

  /** The map as it is to be seen, without the controls, as an image. Waits for what still loads, 20 seconds at most. */
  exportImage(options: ExportOptions = {}): Promise<Blob> {
    return this.#viewer.panels.exportImage(options);
  }

  /** The `ol` layer of an id. */
  getLayer(id: string): BaseLayer | undefined {
    return this.#viewer.layers.get(id);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const viewer = this.#viewer;
    if (changed.has('controls')) {
      viewer.problems.attempt('controls', () => (this.#shownControls = parseControls(this.controls)));
    }
    const work = takeChanges(this, viewer, changed);
    // What the tag came with, and not what an update meanwhile is about.
    if (!this.hasUpdated) void Promise.allSettled(work).then(() => this.#becomeReady());
  }

  protected override scheduleUpdate(): void | Promise<unknown> {
    const words = this.#vocabulary.speak(this.#language);
    return words ? words.then(() => super.scheduleUpdate()) : super.scheduleUpdate();
  }

  protected override firstUpdated(): void {
    this.map.setTarget(this.#target);
    if (this.loginRequired) this.#viewer.auth.probe();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.map.setTarget(this.#target);
  }

  protected override render(): TemplateResult {
    return shell({
      viewer: this.#viewer,
      controls: this.#shownControls,
      words: this.#vocabulary.words,
      language: this.#language,
      signOut: () => void this.logout({everywhere: this.postLogoutRedirectUri !== undefined}),
    });
  }

  get #language(): string {
    return this.lang || languageOf(this);
  }

  get #target(): HTMLElement | undefined {
    return this.renderRoot.querySelector<HTMLElement>('#map') ?? undefined;
  }

  #becomeReady(): void {
    this.#ready.resolve(this.map);
    this.dispatchEvent(new SecureMapReadyEvent(this.map));
  }
}
