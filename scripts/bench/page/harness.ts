/** A view, wherever it comes from. */
export interface Place {
  readonly lonLat: readonly [number, number];
  readonly zoom: number;
}

/** In screens, and levels. */
export interface Move {
  readonly east: number;
  readonly south: number;
  readonly levels: number;
}

/** What a page is told to show. */
export interface Task {
  readonly how: string;
  /** A template with `{z}`, `{x}` and `{y}`. */
  readonly tiles: string;
  readonly place: Place;
  /** The first token; `''` for none. */
  readonly token: string;
  /** Where there is another when this one is refused. */
  readonly tokenUrl: string;
  readonly bridge: string;
}

/** A map, by whatever library. */
export interface Shown {
  /** Resolves with `performance.now()` of when all that the view wants is drawn and nothing is loading any more. */
  complete(): Promise<number>;
  jump(place: Place): void;
  animate(move: Move, milliseconds: number): Promise<void>;
  /** Tiles that came in when the view did not want them any more. `NaN` where the library does not tell. */
  stale(): number;
  /** Whether every pixel was drawn on. */
  isDrawn(): boolean;
  close(): void;
}

export type Show = (task: Task, target: HTMLElement) => Shown | Promise<Shown>;

export interface BenchPage {
  /** Milliseconds until a new map is complete. */
  show(task: Task): Promise<number>;
  /** Milliseconds until the same map is complete somewhere else. */
  jump(place: Place): Promise<number>;
  /** Milliseconds from the end of each move until the map is complete, all together. */
  travel(moves: readonly Move[], milliseconds: number): Promise<number>;
  /** Milliseconds from the last level until the map is complete. */
  dive(place: Place, levels: number, milliseconds: number): Promise<number>;
  stale(): number;
  isDrawn(): boolean;
  close(): void;
}

declare global {
  var bench: BenchPage;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Gives the page to whoever drives it. */
export const install = (open: Show): void => {
  let shown: Shown | undefined;
  const target = document.querySelector<HTMLElement>('#map');

  const map = (): Shown => {
    if (!shown) throw new Error('There is no map.');
    return shown;
  };
  const close = (): void => {
    shown?.close();
    shown = undefined;
  };

  globalThis.bench = {
    close,
    stale: () => map().stale(),
    isDrawn: () => map().isDrawn(),
    async show(task) {
      close();
      if (!target) throw new Error('There is no place for a map.');
      const since = performance.now();
      shown = await open(task, target);
      return (await shown.complete()) - since;
    },
    async jump(place) {
      const since = performance.now();
      map().jump(place);
      return (await map().complete()) - since;
    },
    async travel(moves, milliseconds) {
      let waited = 0;
      for (const move of moves) {
        await map().animate(move, milliseconds);
        const since = performance.now();
        waited += (await map().complete()) - since;
      }
      return waited;
    },
    async dive(place, levels, milliseconds) {
      for (let level = 1; level < levels; level += 1) {
        map().jump({...place, zoom: place.zoom + level});
        await pause(milliseconds);
      }
      const since = performance.now();
      map().jump({...place, zoom: place.zoom + levels});
      return (await map().complete()) - since;
    },
  };
};
