/** Forgets by itself: what has expired is swept out whenever something is added. */
export interface Expiring<V> {
  get(key: string): V | undefined;
  set(key: string, value: V, milliseconds: number): void;
  delete(key: string): void;
}

export const createExpiring = <V>(now: () => number): Expiring<V> => {
  const entries = new Map<string, {readonly value: V; readonly until: number}>();
  return {
    get(key) {
      const entry = entries.get(key);
      return entry && entry.until > now() ? entry.value : undefined;
    },
    set(key, value, milliseconds) {
      const at = now();
      for (const [other, {until}] of entries) if (until <= at) entries.delete(other);
      entries.set(key, {value, until: at + milliseconds});
    },
    delete(key) {
      entries.delete(key);
    },
  };
};
