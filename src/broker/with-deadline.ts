import {released} from '../credentials/abort.js';

export interface Deadline {
  /** Milliseconds. */
  readonly timeout: number;
  /** What the work fails with when the time is over. */
  late(): Error;
  /** Ends the work as well. */
  readonly signal?: AbortSignal | undefined;
}

/** Work that has to be done in time. Settles even when the work never does. */
export const withDeadline = async <T>(
  work: (signal: AbortSignal) => Promise<T>,
  {timeout, late, signal}: Deadline,
): Promise<T> => {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(late()), timeout);
  const both = signal ? AbortSignal.any([clock.signal, signal]) : clock.signal;
  try {
    both.throwIfAborted();
    return await released(work(both), both);
  } finally {
    clearTimeout(timer);
  }
};
