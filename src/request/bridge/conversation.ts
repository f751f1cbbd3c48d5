import type {Environment} from '../../credentials/environment.js';
import {BridgedResponse} from './bridged-response.js';
import {readMessage, VERSION, type Answer, type FromBridge, type ToBridge} from './messages.js';
import type {TroubleReason} from './trouble.js';

/** How often a bridge that something is asked of has to give a sign of life, and how many of them it may miss. */
const BEAT = 5_000;
const MISSED = 2;
/** In beats: longer than a map server takes to draw. What has no answer by then is asked of the server itself. */
const LONGEST_ANSWER = 12;

export interface ConversationOptions {
  readonly port: MessagePort;
  readonly environment: Environment;
  /** Nothing can be asked any more. All that was under way is answered with `undefined`. */
  readonly onTrouble: (reason: TroubleReason) => void;
  /** One request was refused, with a word of the bridge's own. */
  readonly onRefused: (reason: string | undefined, url: string) => void;
}

export interface Conversation {
  /** How many are under way. */
  readonly size: number;
  /** `undefined`: the bridge does not do it. Rejects as `fetch` does: on abort, and when there is no answer to be had. */
  ask(request: Request): Promise<Response | undefined>;
  close(): void;
}

interface Asked {
  readonly url: string;
  /** How many answers there had been before it was asked. */
  readonly after: number;
  beats: number;
  readonly settle: (answer: Response | Error | undefined) => void;
}

const send = (port: MessagePort, message: ToBridge): void => port.postMessage({v: VERSION, ...message});

/** Asks and answers over the port of an open bridge. Trusts nothing that comes over it. */
export const createConversation = (options: ConversationOptions): Conversation => {
  const {port, environment, onTrouble, onRefused} = options;
  const asked = new Map<number, Asked>();
  let lastId = 0;
  let answers = 0;
  let missed = 0;
  let isOpen = true;
  let stopWatch: (() => void) | undefined;

  const close = (): void => {
    isOpen = false;
    stopWatch?.();
    port.close();
    for (const {settle} of asked.values()) settle(undefined);
  };

  const end = (reason: TroubleReason): void => {
    if (!isOpen) return;
    close();
    onTrouble(reason);
  };

  /** Counted in beats and not by the clock, and one that is missed says nothing: after sleep all are late at once. */
  const beat = (): void => {
    for (const request of asked.values()) request.beats += 1;
    const late = [...asked].filter(([, {beats}]) => beats > LONGEST_ANSWER);
    if (missed >= MISSED || late.some(([, {after}]) => after === answers)) return end('bridge-lost');
    for (const [id, {settle}] of late) {
      send(port, {type: 'cancel', id});
      settle(undefined);
    }
    if (asked.size === 0) return undefined;
    missed += 1;
    send(port, {type: 'ping'});
    stopWatch = environment.after(BEAT, beat);
    return undefined;
  };

  const settleWith = (message: Answer, {url, settle}: Asked): void => {
    try {
      settle(new BridgedResponse(message, url));
    } catch {
      // Headers that no server can have sent.
      end('bridge-invalid');
    }
  };

  const hear = (message: Extract<FromBridge, {readonly id: unknown}>): void => {
    if (message.id === undefined) return end('bridge-refused');
    if (message.id > lastId) return end('bridge-invalid');
    const request = asked.get(message.id);
    // Late, after it was cancelled, or for the second time.
    if (!request) return undefined;
    answers += 1;
    if (message.type === 'answer') return settleWith(message, request);
    if (message.type === 'failed') return request.settle(new TypeError('The bridge got no answer.'));
    request.settle(undefined);
    return onRefused(message.reason, request.url);
  };

  port.onmessage = ({data}) => {
    missed = 0;
    const message = readMessage(data);
    if (message && 'id' in message) return hear(message);
    if (message?.type === 'pong') return undefined;
    return end('bridge-invalid');
  };

  const ask = ({url, headers, signal}: Request): Promise<Response | undefined> =>
    new Promise((resolve, reject) => {
      if (!isOpen) return resolve(undefined);
      if (signal.aborted) return reject(signal.reason);
      const id = (lastId += 1);
      const onAbort = (): void => {
        send(port, {type: 'cancel', id});
        asked.get(id)?.settle(signal.reason);
      };
      const settle = (answer: Response | Error | undefined): void => {
        asked.delete(id);
        signal.removeEventListener('abort', onAbort);
        if (asked.size === 0) stopWatch?.();
        if (answer instanceof Response || answer === undefined) resolve(answer);
        else reject(answer);
      };
      if (asked.size === 0) {
        missed = 0;
        stopWatch = environment.after(BEAT, beat);
      }
      asked.set(id, {url, after: answers, beats: 0, settle});
      signal.addEventListener('abort', onAbort);
      return send(port, {type: 'get', id, url, headers: Object.fromEntries(headers)});
    });

  return {
    get size() {
      return asked.size;
    },
    ask,
    close,
  };
};
