import type {LayerContext} from '../layers/layer-kind.js';
import type {LayerConfig} from '../layers/registry.js';
import type {Environment} from '../credentials/environment.js';
import {createAuthorizedFetch, type AuthorizedFetch} from '../request/authorized-fetch.js';
import {LoadQueue} from '../request/load-queue.js';
import {createPartRequest} from '../request/part-request.js';
import type {Request} from '../request/request.js';
import {route, type Identity} from '../request/route.js';
import {SharedWork} from '../request/shared-work.js';
import type {BridgeController} from './bridge-controller.js';
import {browserEnvironment} from './browser-environment.js';

export interface MapRequestsHost {
  readonly environment: Environment;
  readonly identities: () => readonly Identity[];
  /** The projection of the view. */
  readonly projection: () => string;
  /** A credential was wanted for an origin that may not have it. Called once per origin. */
  readonly onBlocked: (origin: string, layerId: string | undefined) => void;
  /** Loads what only a tag with `tile-bridge` needs. */
  readonly openBridges: () => Promise<BridgeController>;
}

/** Every request of one map, and what its layers may know of where they go. */
export class MapRequests {
  readonly fetch: AuthorizedFetch;
  readonly #host: MapRequestsHost;
  readonly #shared = new SharedWork();
  readonly #queue: LoadQueue;
  readonly #blocked = new Set<string>();
  #bridges: Promise<BridgeController | undefined> | undefined;

  constructor(host: MapRequestsHost) {
    this.#host = host;
    const {environment, identities} = host;
    this.#queue = new LoadQueue(environment);
    const onBlocked = (origin: string, layerId: string | undefined): void => this.#tellBlocked(origin, layerId);
    this.fetch = createAuthorizedFetch({
      environment,
      identities,
      onBlocked,
      detour: async (...request) => (await this.#bridges)?.send(...request),
    });
  }

  /** For what belongs to no layer, or to the one with this id. */
  requestFor(credential: string | undefined, layerId: string | undefined): Request {
    return createPartRequest({
      authorizedFetch: (request, options) => this.fetch(request, options),
      now: () => browserEnvironment.now(),
      credential,
      layerId,
    });
  }

  /** The part of a layer's context that is not about its own loading. */
  contextFor(
    {credential}: LayerConfig,
    id: string,
    baseUrl: string,
    signal: AbortSignal,
  ): Omit<LayerContext, 'onLoadStart' | 'onLoadEnd' | 'onError' | 'signal'> {
    return {
      request: this.requestFor(credential, id),
      isPublic: () => credential === 'none' || this.#host.identities().length === 0,
      mayFollow: (url) => this.#mayFollow(new URL(url), credential, id),
      inTurn: this.#queue.forLayer(id),
      share: (key, work) => this.#shared.get(`${credential ?? ''} ${key}`, work, signal),
      clock: this.#host.environment,
      baseUrl,
      projection: this.#host.projection(),
    };
  }

  /** `tile-bridge`, or where credentials may go, has changed. Without its module everything goes direct. */
  setBridges(text: string | undefined): void {
    if (text) this.#bridges ??= this.#host.openBridges().catch(() => undefined);
    void this.#bridges?.then((bridges) => bridges?.set(text));
  }

  /** See {@link LoadQueue.learn}. */
  learn(origin: string, protocol: string): void {
    this.#queue.learn(origin, protocol);
  }

  /** Another visitor, or none, or off the page: what was read is not for whoever comes next. */
  forget(): void {
    this.#shared.forget();
  }

  #mayFollow(url: URL, credential: string | undefined, layerId: string): boolean {
    const isOutside = route(url, this.#host.identities(), credential).type === 'outside';
    if (isOutside) this.#tellBlocked(url.origin, layerId);
    return !isOutside;
  }

  #tellBlocked(origin: string, layerId: string | undefined): void {
    if (this.#blocked.has(origin)) return;
    this.#blocked.add(origin);
    this.#host.onBlocked(origin, layerId);
  }
}
