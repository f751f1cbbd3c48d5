import type {KnownResponse} from '../known-response.js';
import type {Answer} from './messages.js';

const withoutBody = [204, 205, 304];

/** As `fetch` has it when the connection breaks: the answer is there, its body cannot be read. */
const brokenBody = (): ReadableStream =>
  new ReadableStream({start: (stream) => stream.error(new TypeError('The connection broke.'))});

/** An answer of a bridge, as `fetch` would have given it. */
export class BridgedResponse extends Response implements KnownResponse {
  readonly whole: Blob | undefined;
  readonly #url: string;

  constructor({status, headers, body}: Answer, url: string) {
    const isEmpty = withoutBody.includes(status);
    super(isEmpty ? null : (body ?? brokenBody()), {status, headers});
    this.whole = isEmpty ? undefined : (body ?? undefined);
    this.#url = url;
  }

  override get url(): string {
    return this.#url;
  }
}
