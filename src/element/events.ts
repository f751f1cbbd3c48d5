import type {IdentifiedFeature} from '../layers/around.js';
import type Map from 'ol/Map.js';
import type {LoginForm} from '../credentials/credential.js';
import type {SecureMapError} from '../credentials/errors.js';
import type {AuthState} from '../credentials/state.js';
import type {RequestErrorKind} from '../request/request-error.js';

const init = {bubbles: true, composed: true} as const;

/** The `ol/Map` is there; attributes and, unless it waits for a sign-in, the config are on it. */
export class SecureMapReadyEvent extends Event {
  readonly map: Map;
  constructor(map: Map) {
    super('secure-map-ready', init);
    this.map = map;
  }
}

/** What the visitor's session does has changed. */
export class AuthStateChangeEvent extends Event {
  readonly state: AuthState;
  readonly previous: AuthState;
  readonly reason: string | undefined;
  constructor(state: AuthState, previous: AuthState, reason?: string) {
    super('auth-state-change', init);
    this.state = state;
    this.previous = previous;
    this.reason = reason;
  }
}

/** A request needs a sign-in. Cancel it to show a sign-in of the page's own. */
export class AuthRequiredEvent extends Event {
  readonly reason: string;
  /** Only with `login-kind`: takes what the visitor typed into a form of the page's own. Settles as `login()` does. */
  readonly submit: ((form: LoginForm) => Promise<void>) | undefined;
  constructor(reason: string, submit?: (form: LoginForm) => Promise<void>) {
    super('auth-required', {...init, cancelable: true});
    this.reason = reason;
    this.submit = submit;
  }
}

/** A new credential replaced the one before. `expiresAt` is milliseconds since the epoch, when known. */
export class TokenRefreshedEvent extends Event {
  readonly expiresAt: number | undefined;
  constructor(expiresAt: number | undefined) {
    super('token-refreshed', init);
    this.expiresAt = expiresAt;
  }
}

/** The session ended without the visitor asking for it. The map stays as it is. */
export class SessionExpiredEvent extends Event {
  readonly reason: string;
  constructor(reason: string) {
    super('session-expired', init);
    this.reason = reason;
  }
}

/** The session ends soon unless the visitor does something. Without `endsAt`: it does not any more. */
export class SessionEndingEvent extends Event {
  /** Milliseconds since the epoch. */
  readonly endsAt: number | undefined;
  constructor(endsAt: number | undefined) {
    super('session-ending', init);
    this.endsAt = endsAt;
  }
}

/** A layer began to load. */
export class LayerLoadStartEvent extends Event {
  readonly layerId: string;
  constructor(layerId: string) {
    super('layer-load-start', init);
    this.layerId = layerId;
  }
}

/** Nothing of a layer is under way any more. */
export class LayerLoadEndEvent extends Event {
  readonly layerId: string;
  constructor(layerId: string) {
    super('layer-load-end', init);
    this.layerId = layerId;
  }
}

/** What is told of a request that failed. */
export interface LayerErrorDetails {
  readonly kind: RequestErrorKind;
  readonly status?: number | undefined;
  readonly url: string;
  readonly message: string;
}

/** A part of a layer could not be loaded. `url` is redacted: origin and path. */
export class LayerErrorEvent extends Event {
  readonly layerId: string;
  readonly kind: RequestErrorKind;
  readonly status: number | undefined;
  readonly url: string;
  readonly message: string;
  constructor(layerId: string, {kind, status, url, message}: LayerErrorDetails) {
    super('layer-error', init);
    this.layerId = layerId;
    this.kind = kind;
    this.status = status;
    this.url = url;
    this.message = message;
  }
}

/** A credential was asked for an origin that may not have it. The request went out without. Once per origin. */
export class RequestBlockedEvent extends Event {
  readonly origin: string;
  readonly layerId: string | undefined;
  constructor(origin: string, layerId: string | undefined) {
    super('request-blocked', init);
    this.origin = origin;
    this.layerId = layerId;
  }
}

/** The visitor asked what is at a place, and a layer knows. */
export class FeatureSelectEvent extends Event {
  /** Names and values as the service tells them; text, whatever markup it may have put into them. */
  readonly features: readonly IdentifiedFeature[];
  readonly layerId: string;
  /** Longitude and latitude in degrees. */
  readonly coordinate: readonly number[];
  constructor(layerId: string, features: readonly IdentifiedFeature[], coordinate: readonly number[]) {
    super('feature-select', init);
    this.layerId = layerId;
    this.features = features;
    this.coordinate = coordinate;
  }
}

export interface ViewState {
  /** Longitude and latitude in degrees. */
  readonly center: readonly [number, number];
  readonly zoom: number;
  /** Radians, clockwise. */
  readonly rotation: number;
}

/** The visitor or the page moved the map, and it stands still again. */
export class ViewChangeEvent extends Event implements ViewState {
  readonly center: readonly [number, number];
  readonly zoom: number;
  readonly rotation: number;
  constructor({center, zoom, rotation}: ViewState) {
    super('view-change', init);
    this.center = center;
    this.zoom = zoom;
    this.rotation = rotation;
  }
}

/** Something is wrong that names itself by `error.code`. */
export class SecureMapErrorEvent extends Event {
  readonly error: SecureMapError;
  constructor(error: SecureMapError) {
    super('secure-map-error', init);
    this.error = error;
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-map-ready': SecureMapReadyEvent;
    'auth-state-change': AuthStateChangeEvent;
    'auth-required': AuthRequiredEvent;
    'token-refreshed': TokenRefreshedEvent;
    'session-expired': SessionExpiredEvent;
    'session-ending': SessionEndingEvent;
    'layer-load-start': LayerLoadStartEvent;
    'layer-load-end': LayerLoadEndEvent;
    'layer-error': LayerErrorEvent;
    'request-blocked': RequestBlockedEvent;
    'view-change': ViewChangeEvent;
    'feature-select': FeatureSelectEvent;
    'secure-map-error': SecureMapErrorEvent;
  }
}
