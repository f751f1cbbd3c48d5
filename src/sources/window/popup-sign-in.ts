import type {Environment} from '../../credentials/environment.js';
import {SecureMapError} from '../../credentials/errors.js';
import {loginCancelled} from './cancelled.js';
import {channelName, only, readMessage} from './message.js';
import type {Page, Popup} from './page.js';
import {watchClosing} from './popup.js';
import {recordKey} from './record.js';

const TIMEOUT = 5 * 60_000;
const GRACE = {closed: 2_000, cut: 90_000};

/** Lets a page that is its own return page know, once the provider sent the popup there, that it is this popup. */
const mark = (popup: Popup, state: string, now: number): void => {
  try {
    popup.sessionStorage.setItem(recordKey('popup', state), JSON.stringify({at: now}));
  } catch {
    // Without storage the static return page still works: it needs no mark.
  }
};

/** A sign-in window from its opening to the answer. Ends for sure: with an answer, or with the reason in `signal`. */
export interface PopupSignIn {
  /** Aborted with a `SecureMapError` once no answer can come any more. */
  readonly signal: AbortSignal;
  /** Sends the visitor to the provider and waits for the answer that carries `state`. */
  ask(url: string, state: string): Promise<URLSearchParams>;
  end(): void;
}

export const superviseSignIn = (
  popup: Popup,
  page: Page,
  environment: Environment,
  caller: AbortSignal,
): PopupSignIn => {
  const over = new AbortController();
  const {signal} = over;
  const cancelled = (): void => over.abort(loginCancelled());
  const cleanUp: (() => void)[] = [
    watchClosing(popup, page, environment, GRACE, cancelled),
    environment.after(TIMEOUT, () =>
      over.abort(new SecureMapError('login-timeout', 'The sign-in was not finished within five minutes.')),
    ),
    () => caller.removeEventListener('abort', cancelled),
  ];
  caller.addEventListener('abort', cancelled, {once: true});
  if (caller.aborted) cancelled();

  const end = (): void => {
    for (const task of cleanUp.splice(0)) task();
  };

  const listen = (state: string, settle: (params: URLSearchParams) => void, refuse: (error: unknown) => void): void => {
    const take = (data: unknown, isFromPopup: boolean): void => {
      const params = readMessage(data);
      if (!params) return;
      if (only(params, 'state') === state) settle(params);
      else if (isFromPopup) {
        refuse(
          new SecureMapError('login-refused', 'The answer belongs to another sign-in.', {reason: 'state-mismatch'}),
        );
      }
    };
    const onMessage = (event: MessageEvent): void => {
      if (event.origin === page.location.origin) take(event.data, event.source === popup);
    };
    // The way that works where the tie to the popup was cut. Only our own origin can be on the other end.
    const channel = new BroadcastChannel(channelName(state));
    channel.addEventListener('message', (event) => take(event.data, false));
    page.addEventListener('message', onMessage);
    const onOver = (): void => refuse(signal.reason);
    signal.addEventListener('abort', onOver, {once: true});
    cleanUp.push(
      () => channel.close(),
      () => page.removeEventListener('message', onMessage),
      () => signal.removeEventListener('abort', onOver),
    );
  };

  return {
    signal,
    end,
    ask: async (url, state) => {
      signal.throwIfAborted();
      return new Promise((settle, refuse) => {
        listen(state, settle, refuse);
        mark(popup, state, environment.now());
        popup.location.replace(url);
      });
    },
  };
};
