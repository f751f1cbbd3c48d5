import type {SecureMapError} from '../../../../src/credentials/errors.js';
import {createTileBridge, type TileBridge} from '../../../../src/request/bridge/tile-bridge.js';
import {ScriptedFetch} from '../../../doubles/scripted-fetch.js';
import {TestEnvironment} from '../../../doubles/test-environment.js';

declare global {
  interface Window {
    /** What frames of these tests call: their network, and their part of the conversation. */
    bridgeNetwork?: typeof fetch;
    playBridge?: (event: MessageEvent) => void;
  }
}

export const OWN = location.origin;
export const TILE = `${OWN}/tiles/1/2/3.png`;
export const allowAll = {pages: [OWN], paths: ['/tiles/']};

const closers: (() => void)[] = [];

/** Ends what a test has opened. */
export const closeAll = (): void => {
  for (const close of closers.splice(0)) close();
};
export const atTheEnd = (close: () => void): unknown => closers.push(close);

/** A page of this origin. What a bridge would find at a server is found at `bridgeNetwork`. */
export const pageOf = (body: string): URL => {
  const url = URL.createObjectURL(new Blob([`<!doctype html>${body}`], {type: 'text/html'}));
  atTheEnd(() => URL.revokeObjectURL(url));
  return new URL(url);
};

/** `bridge.html` with this allow list, or whatever else stands in its place. */
export const bridgePage = (allow: unknown): URL =>
  pageOf(
    `<script>self.fetch = (...all) => parent.bridgeNetwork(...all);
      self.complaints = []; console.error = (text) => complaints.push(text);</script>
    <script id="allow" type="application/json">${typeof allow === 'string' ? allow : JSON.stringify(allow)}</script>
    <script src="${OWN}/public/bridge.js"></script>`,
  );

/** A page that says what the test says. */
export const playedPage = (play: (event: MessageEvent) => void): URL => {
  window.playBridge = play;
  return pageOf('<script>onmessage = (event) => parent.playBridge(event);</script>');
};

export interface Line {
  readonly port: MessagePort;
  readonly frame: HTMLIFrameElement;
  /** The next message. */
  readonly next: () => Promise<Record<string, unknown>>;
  /** All that came and was not asked for yet. */
  readonly rest: () => readonly unknown[];
  readonly say: (message: unknown) => void;
}

/** A page of its own making that speaks to a bridge: any handshake, any message. */
export const speakTo = async (url: URL, open: unknown = {v: 1, type: 'open', source: 'secure-map'}): Promise<Line> => {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = url.href;
  atTheEnd(() => frame.remove());
  const loaded = new Promise((resolve) => (frame.onload = resolve));
  document.body.append(frame);
  await loaded;
  const {port1: port, port2} = new MessageChannel();
  const came: unknown[] = [];
  const waiting: ((message: Record<string, unknown>) => void)[] = [];
  port.onmessage = ({data}) => {
    const next = waiting.shift();
    if (next) next(data);
    else came.push(data);
  };
  frame.contentWindow?.postMessage(open, OWN, [port2]);
  const next = (): Promise<Record<string, unknown>> =>
    new Promise((resolve) => {
      const first = came.shift();
      if (first === undefined) waiting.push(resolve);
      else resolve(Object(first));
    });
  return {port, frame, next, rest: () => came, say: (message) => port.postMessage(message)};
};

/** Everything that was said before has been heard: the bridge answers in order. */
export const ping = async ({say, next}: Line): Promise<readonly Record<string, unknown>[]> => {
  say({v: 1, type: 'ping'});
  const all: Record<string, unknown>[] = [];
  for (let message = await next(); message['type'] !== 'pong'; message = await next()) all.push(message);
  return all;
};

export const get = (id: number, change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  ...{v: 1, type: 'get', id, url: TILE, headers: {authorization: 'Bearer t1'}},
  ...change,
});

/** The network of the bridge. */
export const networkOf = (step: ScriptedFetch['step'] = () => new Response('fine')): ScriptedFetch => {
  const network = new ScriptedFetch(step);
  window.bridgeNetwork = network.fetch;
  return network;
};

/** The half of the map, with a bridge page and time in its hands. */
export const openBridge = (url: URL) => {
  const environment = new TestEnvironment();
  const troubles: SecureMapError[] = [];
  const protocols: string[] = [];
  const mount = document.createElement('div');
  document.body.append(mount);
  const bridge: TileBridge = createTileBridge({
    ...{url, mount, environment},
    onProtocol: (...known) => protocols.push(known.join(' ')),
    onTrouble: (error) => troubles.push(error),
  });
  atTheEnd(() => {
    bridge.close();
    mount.remove();
  });
  const ask = (init: RequestInit = {}, isPart = true, at = TILE): Promise<Response | undefined> =>
    bridge.send(new Request(at, {headers: {authorization: 'Bearer t1'}, ...init}), isPart);
  return {bridge, environment, mount, ask, protocols, troubles, reasons: () => troubles.map(({reason}) => reason)};
};
