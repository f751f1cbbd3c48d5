import type {Environment} from './environment.js';
import {storageKey} from './stored-vault.js';

/** What tabs tell each other. Never a secret: any script of the origin can listen. */
type Message =
  /** What is kept has changed. */
  | {readonly type: 'changed'}
  /** The visitor signed out of what the tabs keep in common, in this version; without one: of what each has of its own. */
  | {readonly type: 'left'; readonly version?: number | undefined}
  /** Does the tab of this id still live? */
  | {readonly type: 'who'; readonly tab: string}
  | {readonly type: 'here'; readonly tab: string};

export interface TabsOptions {
  readonly environment: Environment;
  /** What the sessions that talk to each other sign in to. */
  readonly name: string;
  readonly tab: string;
  readonly onChanged: () => void;
  readonly onLeft: (version: number | undefined) => void;
}

/** A tab answers at once; one that does not is gone, or frozen, and then it does not renew either. */
const PATIENCE = 250;

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/**
 * The same session in other tabs of this browser. Open while somebody in this page listens, and for as long as there is
 * something that a sign-out elsewhere has to end.
 */
export class Tabs {
  readonly #options: TabsOptions;
  #channel: BroadcastChannel | undefined;
  #onHere: ((tab: string) => void) | undefined;
  #stopWatching: (() => void) | undefined;
  #isResting = false;

  constructor(options: TabsOptions) {
    this.#options = options;
  }

  open(): void {
    const {environment, name} = this.#options;
    this.#isResting = false;
    this.#stopWatching ??= this.#watch();
    if (this.#channel) return;
    this.#channel = environment.openChannel?.(`secure-map.${name}`);
    this.#channel?.addEventListener('message', ({data}: MessageEvent<unknown>) => this.#receive(data));
  }

  /** Nobody here listens any more: only a sign-out is still to be heard, if anything is held that it ends. */
  rest(isHeld: boolean): void {
    if (!isHeld) return this.close();
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#isResting = true;
  }

  close(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#channel?.close();
    this.#channel = undefined;
  }

  tell(type: 'changed'): void {
    this.#post({type});
  }

  tellLeft(version: number | undefined): void {
    this.#post({type: 'left', version});
  }

  /** Whether the tab that wrote something still lives: then this tab is a duplicate of it. */
  isAlive(tab: string): Promise<boolean> {
    if (!this.#channel) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (isAlive: boolean): void => {
        cancel();
        this.#onHere = undefined;
        resolve(isAlive);
      };
      const cancel = this.#options.environment.after(PATIENCE, () => settle(false));
      this.#onHere = (who) => who === tab && settle(true);
      this.#post({type: 'who', tab});
    });
  }

  /**
   * A message may be here before what it tells of can be seen: browsers keep a copy of the storage in each process. What
   * is gone waits for the message that says why.
   */
  #watch(): (() => void) | undefined {
    const {environment, name, onChanged} = this.#options;
    let cancel = (): void => undefined;
    const stop = environment.onStored?.((key, isGone) => {
      if (key !== null && key !== storageKey(name)) return;
      cancel();
      cancel = environment.after(isGone ? PATIENCE : 0, onChanged);
    });
    return () => {
      cancel();
      stop?.();
    };
  }

  #post(message: Message): void {
    this.#channel?.postMessage(message);
  }

  #receive(data: unknown): void {
    if (!isMessage(data)) return;
    const {tab, onChanged, onLeft} = this.#options;
    if (data.type === 'changed' && !this.#isResting) onChanged();
    else if (data.type === 'left') onLeft(data.version);
    else if (data.type === 'here') this.#onHere?.(data.tab);
    else if (data.type === 'who' && data.tab === tab) this.#post({type: 'here', tab});
  }
}
