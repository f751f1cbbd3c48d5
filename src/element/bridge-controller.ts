import type {ReactiveController, ReactiveControllerHost} from 'lit';
import type {Environment} from '../credentials/environment.js';
import {createTileBridges, type TileBridges} from '../request/bridge/tile-bridges.js';
import type {Identity} from '../request/route.js';
import {SecureMapErrorEvent} from './events.js';
import type {MapRequests} from './map-requests.js';
import type {Problems} from './problems.js';

export interface BridgeParts {
  readonly environment: Environment;
  readonly problems: Problems;
  readonly auth: {readonly identities: readonly Identity[]};
  readonly requests: Pick<MapRequests, 'learn'>;
}

/** The frames of `tile-bridge`, there while the map is. */
export class BridgeController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #parts: BridgeParts;
  readonly #bridges: TileBridges;
  #text = '';

  constructor(host: ReactiveControllerHost & HTMLElement, parts: BridgeParts) {
    this.#host = host;
    this.#parts = parts;
    this.#bridges = createTileBridges({
      // Out of reach of the page's styles.
      mount: host.shadowRoot ?? host,
      environment: parts.environment,
      onProtocol: (...known) => parts.requests.learn(...known),
      onTrouble: (error) => {
        parts.environment.warn?.(error.message);
        host.dispatchEvent(new SecureMapErrorEvent(error));
      },
    });
    host.addController(this);
  }

  /** What the attribute says, or where credentials may go, has changed. */
  set(text = ''): void {
    this.#text = text;
    this.#apply();
  }

  send(request: Request, isPart: boolean): Promise<Response | undefined> {
    return this.#bridges.send(request, isPart);
  }

  hostConnected(): void {
    // Also after being moved: a frame is loaded anew then, and knows nothing of the one before.
    this.#bridges.close();
    this.#apply();
  }

  hostDisconnected(): void {
    // After whatever the map gives up has been given up, so that none of it is asked for directly.
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.#bridges.close();
    });
  }

  #apply(): void {
    const {problems, auth} = this.#parts;
    const scopes = auth.identities.map(({scope}) => scope);
    if (!this.#host.isConnected) return;
    // Where nobody has a credential, nothing is for a bridge.
    problems.attempt('bridge', () => this.#bridges.set(scopes.length > 0 ? this.#text : '', scopes));
  }
}
