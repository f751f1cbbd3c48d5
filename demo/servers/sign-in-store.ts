import type {Adapter, AdapterPayload} from 'oidc-provider';

export interface SignInStore {
  adapter(model: string): Adapter;
  /** Ends every grant, token and session, as an administrator would. */
  revokeAll(): void;
}

/** What must survive `revokeAll`: a sign-in that is under way. */
const KEPT = new Set(['Interaction']);

/** One map is enough: a demo has few sessions, so lookups by another key may scan. */
export function createSignInStore(): SignInStore {
  const stored = new Map<string, {readonly model: string; readonly payload: AdapterPayload}>();
  const find = (model: string, matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
    for (const entry of stored.values()) if (entry.model === model && matches(entry.payload)) return entry.payload;
    return undefined;
  };

  return {
    adapter: (model) => ({
      async upsert(id, payload) {
        stored.set(`${model}:${id}`, {model, payload});
      },
      async find(id) {
        return stored.get(`${model}:${id}`)?.payload;
      },
      async findByUid(uid) {
        return find(model, (payload) => payload.uid === uid);
      },
      async findByUserCode(userCode) {
        return find(model, (payload) => payload.userCode === userCode);
      },
      async consume(id) {
        const entry = stored.get(`${model}:${id}`);
        if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        stored.delete(`${model}:${id}`);
      },
      async revokeByGrantId(grantId) {
        for (const [key, {payload}] of stored) if (payload.grantId === grantId) stored.delete(key);
      },
    }),
    revokeAll() {
      for (const [key, {model}] of stored) if (!KEPT.has(model)) stored.delete(key);
    },
  };
}
