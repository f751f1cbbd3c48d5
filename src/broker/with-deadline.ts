import {released} from '../credentials/abort.js';

export interface Deadline {
  /** Milliseconds. */
  readonly timeout: number;
  /** What the work fails with when the time is over. */
  late(): Error;
  /** Ends the work as well, and what came of it. */
  readonly signal?: AbortSignal | undefined;
  /** Whose signal the work is given: for who wants to end later what came of it. */
  readonly controller?: AbortController | undefined;
}

/** Work that has to be done in time. Settles even when the work never does. */
export const withDeadline = async <T>(
  work: (signal: AbortSignal) => Promise<T>,
  {timeout, late, signal, controller = new AbortController()}: Deadline,
): Promise<T> => {
  const timer = setTimeout(() => controller.abort(late()), timeout);
  try {
    signal?.throwIfAborted();
    // Not `AbortSignal.any`: one listener does the same, for less on every tile.
    signal?.addEventListener('abort', () => controller.abort(signal.reason), {once: true});
    return await released(work(controller.signal), controller.signal);
  } finally {
    clearTimeout(timer);
  }
};
