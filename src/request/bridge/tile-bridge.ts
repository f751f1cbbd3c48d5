import {released} from '../../credentials/abort.js';
import type {Environment} from '../../credentials/environment.js';
import type {SecureMapError} from '../../credentials/errors.js';
import {covers} from '../../credentials/scope.js';
import {redact} from '../redact.js';
import {createConversation, type Conversation} from './conversation.js';
import {longestUrl, mostRequests, type Ready} from './messages.js';
import {openFrame} from './open-frame.js';
import {bridgeTrouble, type TroubleReason} from './trouble.js';

export interface TileBridgeOptions {
  readonly url: URL;
  readonly mount: ParentNode;
  readonly environment: Environment;
  /** How requests of the bridge get to its server. */
  readonly onProtocol: (origin: string, protocol: string) => void;
  /** Told once for each thing that is wrong. */
  readonly onTrouble: (error: SecureMapError) => void;
}

export interface TileBridge {
  readonly url: URL;
  /** `undefined`: this is not for the bridge, and goes direct. `isPart` of a layer, and not asked by the page itself. */
  send(request: Request, isPart: boolean): Promise<Response | undefined>;
  close(): void;
}

interface Open {
  readonly conversation: Conversation;
  readonly ready: Ready;
}

/** What the page wrote about how to ask, and a message cannot say. */
const isPlain = ({method, cache, integrity, url}: Request): boolean =>
  method === 'GET' && cache === 'default' && integrity === '' && url.length <= longestUrl && !url.includes('#');

/** One bridge: its frame, opened at once, and what is said over its port. */
export const createTileBridge = (options: TileBridgeOptions): TileBridge => {
  const {url, mount, environment, onProtocol, onTrouble} = options;
  const opening = Promise.withResolvers<Open | undefined>();
  let open: Open | undefined;
  let isOver = false;
  const told = new Set<string>();

  const tell = (reason: TroubleReason, what?: string): void => {
    if (told.has(reason)) return;
    told.add(reason);
    onTrouble(bridgeTrouble(url.href, reason, what));
  };

  const close = (): void => {
    isOver = true;
    closeFrame();
    open?.conversation.close();
    opening.resolve(undefined);
  };
  const end = (reason: TroubleReason): void => {
    if (isOver) return;
    close();
    tell(reason);
  };

  const closeFrame = openFrame({
    ...{url, mount, environment},
    onOpen: ({port, ready}) => {
      const conversation = createConversation({
        ...{port, environment},
        onTrouble: end,
        onRefused: (reason, asked) => {
          if (reason !== 'size' && reason !== 'busy') tell('bridge-unserved', redact(asked));
        },
      });
      open = {conversation, ready};
      onProtocol(url.origin, ready.protocol);
      opening.resolve(open);
    },
    onTrouble: end,
  });

  return {
    url,
    async send(request, isPart) {
      if (isOver || !isPlain(request)) return undefined;
      const bridge = await released(opening.promise, request.signal);
      if (!bridge || isOver || bridge.conversation.size >= mostRequests) return undefined;
      const {paths, headers} = bridge.ready;
      const scope = paths.map((path) => ({origin: url.origin, path: path.endsWith('/') ? path : `${path}/`}));
      if (!covers(scope, new URL(request.url))) {
        // A config beside the tiles is not what the bridge is for.
        if (isPart) tell('bridge-unserved', redact(request.url));
        return undefined;
      }
      const stranger = [...request.headers.keys()].find((name) => !headers.includes(name));
      if (stranger === undefined) return bridge.conversation.ask(request);
      tell('bridge-unserved', `requests with the header ${stranger}`);
      return undefined;
    },
    close,
  };
};
