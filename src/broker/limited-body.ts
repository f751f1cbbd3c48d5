export interface BodyLimits {
  /** Bytes. */
  readonly largest: number;
  /** Milliseconds that the upstream may be silent. */
  readonly silence: number;
  /** Ends the request to the upstream. */
  stop(): void;
}

/** A body as it comes, cut off when it is endless or comes to a standstill. */
export const limitedBody = (
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  {largest, silence, stop}: BodyLimits,
): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const reader = body.getReader();
  let size = 0;
  const next = async (): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('The upstream has come to a standstill.')), silence);
    });
    try {
      const {done, value} = await Promise.race([reader.read(), late]);
      if (done) return undefined;
      size += value.length;
      if (size > largest) throw new Error('The upstream sends more than "maxBytes".');
      return value;
    } finally {
      clearTimeout(timer);
    }
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const chunk = await next();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      } catch (error) {
        stop();
        controller.error(error);
      }
    },
    async cancel(reason) {
      stop();
      await reader.cancel(reason);
    },
  });
};
