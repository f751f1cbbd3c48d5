import type {Scope} from '../../credentials/scope.js';
import {parseBridgeUrls} from './bridge-urls.js';
import {createTileBridge, type TileBridge, type TileBridgeOptions} from './tile-bridge.js';

export type TileBridgesOptions = Omit<TileBridgeOptions, 'url'>;

export interface TileBridges {
  /** What the tag says now. A bridge that stays keeps its frame. Throws `invalid-attribute`, and none is used then. */
  set(text: string, scopes: readonly Scope[]): void;
  /** As {@link TileBridge.send}, by the bridge of the origin that is asked. */
  send(request: Request, isPart: boolean): Promise<Response | undefined>;
  close(): void;
}

/** The bridges of one map. */
export const createTileBridges = (options: TileBridgesOptions): TileBridges => {
  let bridges: readonly TileBridge[] = [];

  const use = (urls: readonly URL[]): void => {
    const before = bridges;
    const kept = before.filter(({url}) => urls.some(({href}) => href === url.href));
    for (const bridge of before) if (!kept.includes(bridge)) bridge.close();
    bridges = urls.map(
      (url) => kept.find((bridge) => bridge.url.href === url.href) ?? createTileBridge({...options, url}),
    );
  };

  return {
    set(text, scopes) {
      try {
        use(parseBridgeUrls(text, scopes));
      } catch (error) {
        use([]);
        throw error;
      }
    },
    async send(request, isPart) {
      const {origin} = new URL(request.url);
      return bridges.find(({url}) => url.origin === origin)?.send(request, isPart);
    },
    close: () => use([]),
  };
};
