/** What the server saw of one map. */
export interface Counts {
  /** Without the preflights. */
  readonly requests: number;
  readonly preflights: number;
  readonly answered: number;
  readonly unauthorized: number;
  /** Those whose client went away before the answer. */
  readonly aborted: number;
  /** New tokens that were given. */
  readonly refreshes: number;
}

export type Counted = keyof Counts;

const none: Counts = {requests: 0, preflights: 0, answered: 0, unauthorized: 0, aborted: 0, refreshes: 0};

/** By the name of the map, which is in every address that it asks for. */
export interface Books {
  add(name: string, what: Counted): void;
  of(name: string): Counts;
}

export const openBooks = (): Books => {
  const books = new Map<string, Counts>();
  const of = (name: string): Counts => books.get(name) ?? none;
  return {
    of,
    add(name, what) {
      const counts = of(name);
      books.set(name, {...counts, [what]: counts[what] + 1});
    },
  };
};

export const difference = (after: Counts, before: Counts): Counts => ({
  requests: after.requests - before.requests,
  preflights: after.preflights - before.preflights,
  answered: after.answered - before.answered,
  unauthorized: after.unauthorized - before.unauthorized,
  aborted: after.aborted - before.aborted,
  refreshes: after.refreshes - before.refreshes,
});
