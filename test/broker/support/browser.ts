import type {Handler} from '../../../src/broker/index.js';

/** One answer, as a page could see it, and where it came from. */
export interface Visit {
  readonly url: string;
  readonly response: Response;
  readonly body: string;
}

/** As much of a browser as a sign-in needs: cookies of each host, and redirects that are followed in the open. */
export class Browser {
  /** By host, then by name. */
  readonly cookies = new Map<string, Map<string, string>>();
  /** Everything that came back, in order. */
  readonly visits: Visit[] = [];
  readonly #handlers: Readonly<Record<string, Handler>>;

  /** Origins that are answered in this process; all others by the network. */
  constructor(handlers: Readonly<Record<string, Handler>>) {
    this.#handlers = handlers;
  }

  jar(url: string): Map<string, string> {
    const {host} = new URL(url);
    const jar = this.cookies.get(host) ?? new Map<string, string>();
    this.cookies.set(host, jar);
    return jar;
  }

  /** Another one with the same cookies: a thief's, or the same one a moment ago. */
  copy(): Browser {
    const other = new Browser(this.#handlers);
    for (const [host, jar] of this.cookies) other.cookies.set(host, new Map(jar));
    return other;
  }

  request(url: string, init: RequestInit = {}): Request {
    const headers = new Headers(init.headers);
    const cookie = [...this.jar(url)].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookie) headers.set('cookie', cookie);
    return new Request(url, {...init, headers, redirect: 'manual'});
  }

  /** One request, without following. */
  async send(url: string, init: RequestInit = {}): Promise<Visit> {
    const request = this.request(url, init);
    const handler = this.#handlers[new URL(url).origin];
    const response = await (handler ? handler(request) : fetch(request));
    const jar = this.jar(url);
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const at = pair.indexOf('=');
      const isGone = attributes.some(
        (attribute) => /^max-age=0$/iu.test(attribute) || /expires=Thu, 01 Jan 1970/iu.test(attribute),
      );
      if (isGone) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const visit = {url, response, body: await response.text()};
    this.visits.push(visit);
    return visit;
  }

  /** Follows redirects until `stop` says that the next address is far enough; gives that address. */
  async follow(url: string, stop: (url: URL) => boolean, init: RequestInit = {}): Promise<string> {
    let next = url;
    for (let count = 0; count < 20; count += 1) {
      if (count > 0 && stop(new URL(next))) return next;
      const {response, body} = await this.send(next, count === 0 ? init : {});
      const location = response.headers.get('location');
      if (location === null) throw new Error(`${next} answered ${response.status} and led nowhere: ${body}`);
      next = new URL(location, next).href;
    }
    throw new Error(`${url} goes in circles`);
  }
}
