import {BrokerError} from './broker-error.js';
import type {LeakGuard} from './leak-guard.js';
import {withDeadline} from './with-deadline.js';

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

const late = (): BrokerError => new BrokerError('platform-timeout', 'The upstream has come to a standstill.');

/** A body as it comes; cut off when it is endless, stands still or gives a secret back. */
export const limitedBody = (
  body: ReadableStream<Bytes>,
  {largest, silence, guard, stop, onError}: BodyLimits,
): ReadableStream<Bytes> => {
  const reader = body.getReader();
  let size = 0;

  const read = async (): Promise<Bytes | undefined> => {
    const {done, value} = await withDeadline(() => reader.read(), {timeout: silence, late});
    if (done) return undefined;
    size += value.length;
    if (size > largest) throw new BrokerError('platform-invalid', 'The upstream answers with more than "maxBytes".');
    return value;
  };

  const pull = async (controller: ReadableStreamDefaultController<Bytes>): Promise<void> => {
    // A stream is not asked again before something was put into it.
    for (let chunk; (chunk = await read());) {
      const passed = guard ? guard.pass(chunk) : chunk;
      if (passed.length > 0) return controller.enqueue(passed);
    }
    const rest = guard?.end();
    if (rest?.length) controller.enqueue(rest);
    controller.close();
  };

  return new ReadableStream({
    async pull(controller) {
      try {
        await pull(controller);
      } catch (error) {
        stop();
        onError?.(error);
        controller.error(error);
      }
    },
    async cancel(reason) {
      stop();
      await reader.cancel(reason).catch(() => undefined);
    },
  });
};
