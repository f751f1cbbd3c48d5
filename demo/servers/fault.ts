/** What a test sees of a request before it decides how badly to answer it. */
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly preflight: boolean;
  /** Whether a credential came with it, not which. */
  readonly authorized: boolean;
  /** `config`, `xyz`, …: the map server's own sorting; the path's first segment elsewhere. */
  readonly kind: string;
}

/** Everything is optional; what is left out is as in the true answer. */
export interface Fault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly delayMs?: number;
  /** Never answers. */
  readonly hang?: boolean;
  /** Announces the whole answer, sends half of it and drops the connection. */
  readonly cut?: boolean;
  /** `false` leaves the CORS headers out. */
  readonly cors?: boolean;
}

export type FaultRule = (request: FaultRequest) => Fault | undefined;
