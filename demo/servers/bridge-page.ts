import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Reply} from './exchange.js';

export interface BridgePageOptions {
  /** Where the built files are. */
  readonly dist: string;
  /** The one site whose pages may use it. */
  readonly pageOrigin: string;
}

export const BRIDGE_PATH = '/bridge.html';

const PATHS = ['/tiles/', '/wms', '/features/'];

/** `bridge.html` as the operator of a map server puts it up: with an allow list. `undefined` for any other path. */
export function createBridgePage({dist, pageOrigin}: BridgePageOptions): (path: string) => Promise<Reply> | undefined {
  const page = async (): Promise<Reply> => {
    const text = await readFile(join(dist, 'bridge.html'), 'utf8');
    const list = JSON.stringify({pages: [pageOrigin], paths: PATHS});
    return {
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        // The rest of its policy is in the page.
        'content-security-policy': `frame-ancestors ${pageOrigin}`,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      },
      body: text.replace(/\{"pages": \[\], "paths": \[\]\}/u, list),
    };
  };
  return (path) => (path === BRIDGE_PATH ? page() : undefined);
}
