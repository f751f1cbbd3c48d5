import {BrokerError} from './broker-error.js';
import type {LeakGuard} from './leak-guard.js';

type Bytes = Uint8Array<ArrayBuffer>;

export interface BodyLimits {
  /** Bytes. */
  readonly largest: number;
  /** Milliseconds that the upstream may be silent. */
  readonly silence: number;
  readonly guard?: LeakGuard | undefined;
  /** Ends the request to the upstream. */
  stop(): void;
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A body as it comes; cut off when it is endless, stands still or gives a secret back. */
export const limitedBody = (
  body: ReadableStream<Bytes>,
  {largest, silence, guard, stop, onError}: BodyLimits,
): ReadableStream<Bytes> => {
  const reader = body.getReader();
  let size = 0;
  let isOver = false;

  return new ReadableStream({
    async pull(controller) {
      const fail = (error: unknown): void => {
        if (isOver) return;
        isOver = true;
        stop();
        onError?.(error);
        controller.error(error);
      };
      const late = (): void => fail(new BrokerError('platform-timeout', 'The upstream has come to a standstill.'));
      const timer = setTimeout(late, silence);
      try {
        // A stream is not asked again before something was put into it.
        for (let part; !(part = await reader.read()).done;) {
          if (isOver) return;
          size += part.value.length;
          if (size > largest)
            throw new BrokerError('platform-invalid', 'The upstream answers with more than "maxBytes".');
          const passed = guard ? guard.pass(part.value) : part.value;
          if (passed.length > 0) return controller.enqueue(passed);
        }
        if (isOver) return;
        isOver = true;
        const rest = guard?.end();
        if (rest?.length) controller.enqueue(rest);
        controller.close();
      } catch (error) {
        fail(error);
      } finally {
        clearTimeout(timer);
      }
    },
    async cancel(reason) {
      isOver = true;
      stop();
      await reader.cancel(reason).catch(() => undefined);
    },
  });
};
