import type {StateStore} from 'oidc-client-ts';
import {recordKey} from '../window/record.js';

/**
 * The store of oidc-client-ts for requests under way. It lists no keys on purpose: the library deletes what it lists
 * and cannot read (`clearStaleState`), and it cannot know what is ours.
 */
const createStateStore = (area: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): StateStore => ({
  async set(state, value) {
    area.setItem(recordKey('oidc', state), value);
  },
  async get(state) {
    return area.getItem(recordKey('oidc', state));
  },
  async remove(state) {
    const value = area.getItem(recordKey('oidc', state));
    area.removeItem(recordKey('oidc', state));
    return value;
  },
  async getAllKeys() {
    return [];
  },
});

/** For a redirect, which has to outlive this page. */
export const sessionStates = (storage: Storage): StateStore => createStateStore(storage);

/** For a popup: this page stays, so its PKCE verifier need not be where other scripts can read it. */
export const memoryStates = (): StateStore => {
  const records = new Map<string, string>();
  return createStateStore({
    getItem: (key) => records.get(key) ?? null,
    setItem: (key, value) => void records.set(key, value),
    removeItem: (key) => void records.delete(key),
  });
};
