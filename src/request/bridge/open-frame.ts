import type {Environment} from '../../credentials/environment.js';
import {readMessage, VERSION, type Ready, type ToBridge} from './messages.js';
import type {TroubleReason} from './trouble.js';

/** Until the page of the bridge has loaded, and then until it has answered. What waits for it goes its own way then. */
const LONGEST_LOAD = 8_000;
const LONGEST_HANDSHAKE = 4_000;

/** In two steps: on a page that was busy for as long, the answer that lies there is heard before the time is up. */
const patience = (environment: Environment, delay: number, task: () => void): (() => void) => {
  let cancel = environment.after(delay / 2, () => {
    cancel = environment.after(delay / 2, task);
  });
  return () => cancel();
};

export interface BridgeFrame {
  readonly port: MessagePort;
  readonly ready: Ready;
}

export interface FrameOptions {
  readonly url: URL;
  /** Where the frame is put: within the map, so that it goes with it. */
  readonly mount: ParentNode;
  readonly environment: Environment;
  readonly onOpen: (frame: BridgeFrame) => void;
  /** Once, before it was opened or after. */
  readonly onTrouble: (reason: TroubleReason) => void;
}

const createFrame = (url: URL): HTMLIFrameElement => {
  const frame = document.createElement('iframe');
  // As little as it can do with: no forms, windows, downloads, nor another address for the page around it.
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
  frame.referrerPolicy = 'no-referrer';
  frame.hidden = true;
  frame.tabIndex = -1;
  frame.title = 'Tile bridge';
  frame.setAttribute('aria-hidden', 'true');
  frame.src = url.href;
  return frame;
};

/** Opens the page of a bridge and hands it the one port. The answer takes it away. */
export const openFrame = ({url, mount, environment, onOpen, onTrouble}: FrameOptions): (() => void) => {
  const frame = createFrame(url);
  const {port1: port, port2} = new MessageChannel();
  let isHandedOver = false;

  const close = (): void => {
    cancelTimeout();
    port.onmessage = null;
    port.close();
    frame.onload = null;
    frame.remove();
  };
  const fail = (reason: TroubleReason): void => {
    close();
    onTrouble(reason);
  };
  let cancelTimeout = patience(environment, LONGEST_LOAD, () => fail('bridge-timeout'));

  port.onmessage = ({data}) => {
    const message = readMessage(data);
    if (message?.type !== 'ready') return fail(message?.type === 'refused' ? 'bridge-refused' : 'bridge-invalid');
    cancelTimeout();
    onOpen({port, ready: message});
  };
  frame.onload = () => {
    // Another page in its place: what was asked of the one before is lost.
    if (isHandedOver) return fail('bridge-lost');
    isHandedOver = true;
    cancelTimeout();
    cancelTimeout = patience(environment, LONGEST_HANDSHAKE, () => fail('bridge-timeout'));
    const open: ToBridge = {type: 'open', source: 'secure-map'};
    // The port goes to the declared origin or nowhere, wherever a redirect has led.
    frame.contentWindow?.postMessage({v: VERSION, ...open}, url.origin, [port2]);
  };
  mount.append(frame);
  return close;
};
