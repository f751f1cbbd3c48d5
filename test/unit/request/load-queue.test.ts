import {expect} from '@open-wc/testing';
import {LoadQueue} from '../../../src/request/load-queue.js';
import {RequestError} from '../../../src/request/request-error.js';
import {settled, TestEnvironment} from '../../doubles/test-environment.js';

/** A server that answers when it is told to. */
class Slow {
  readonly asked: string[] = [];
  readonly #answers = new Map<string, (error?: Error) => void>();

  ask(url: string, signal?: AbortSignal): Promise<string> {
    this.asked.push(url);
    return new Promise((resolve, reject) => {
      this.#answers.set(url, (error) => (error ? reject(error) : resolve(url)));
      signal?.addEventListener('abort', () => reject(signal.reason), {once: true});
    });
  }

  answer(url: string, error?: Error): void {
    this.#answers.get(url)?.(error);
  }
}

const tooMany = (url: string, retryAfter?: number): RequestError =>
  new RequestError('Too many requests', {kind: 'network', status: 429, url, retryAfter});

describe('the queue of a map', () => {
  let environment: TestEnvironment;
  let queue: LoadQueue;
  let server: Slow;
  const never = new AbortController().signal;

  beforeEach(() => {
    environment = new TestEnvironment();
    queue = new LoadQueue(environment);
    server = new Slow();
  });

  const ask = (layer: string, url: string, signal = never): Promise<string> =>
    queue.forLayer(layer)(url, signal, () => server.ask(url, signal));
  const askMany = (layer: string, count: number, origin = 'https://a.example'): string[] =>
    Array.from({length: count}, (_, index) => {
      const url = `${origin}/${layer}/${index}`;
      ask(layer, url).catch(() => undefined);
      return url;
    });

  it('has sixteen under way for an origin, in the order in which they came', async () => {
    const urls = askMany('one', 20);
    await settled();
    expect(server.asked).to.eql(urls.slice(0, 16));
    server.answer(urls[3] ?? '');
    await settled();
    expect(server.asked).to.eql(urls.slice(0, 17));
  });

  it('has more under way where the protocol is said to send everything over one connection', async () => {
    const urls = askMany('one', 80);
    await settled();
    expect(server.asked).to.have.length(16);
    queue.learn('https://a.example', '');
    await settled();
    expect(server.asked).to.have.length(16);
    queue.learn('https://a.example', 'h2');
    await settled();
    expect(server.asked).to.eql(urls.slice(0, 64));
  });

  it('shares out connections where the protocol is said to need one for each request', async () => {
    queue.learn('https://a.example', 'http/1.1');
    for (const layer of ['one', 'other']) askMany(layer, 16);
    await settled();
    expect(server.asked).to.have.length(6);
  });

  it('lets an origin that hangs hold up nobody but itself', async () => {
    askMany('hung', 40);
    await settled();
    const [url = ''] = askMany('other', 1, 'https://b.example');
    await settled();
    expect(server.asked.at(-1)).to.equal(url);
  });

  it('gives each of several layers a share, so that one that hangs leaves connections to the others', async () => {
    const origin = 'http://localhost:8000';
    askMany('hung', 16, origin);
    const others = askMany('other', 16, origin);
    await settled();
    const countOf = (layer: string): number => server.asked.filter((url) => url.includes(`/${layer}/`)).length;
    expect([countOf('hung'), countOf('other')]).to.eql([3, 3]);
    for (const url of others) {
      server.answer(url);
      await settled();
    }
    expect([countOf('hung'), countOf('other')]).to.eql([3, 16]);

    askMany('encrypted', 16);
    askMany('as well', 16);
    await settled();
    expect([countOf('encrypted'), countOf('as well')]).to.eql([8, 8]);
  });

  it('forgets who does not want it any more, and frees their place at once', async () => {
    const stop = new AbortController();
    const first = Array.from({length: 16}, (_, index) =>
      queue.forLayer('one')(`https://a.example/${index}`, stop.signal, () => new Promise<never>(() => undefined)),
    );
    const waiting = ask('one', 'https://a.example/waiting', stop.signal);
    const next = ask('one', 'https://a.example/next');
    stop.abort(new DOMException('not wanted', 'AbortError'));
    const reasons = await Promise.allSettled([...first, waiting]);
    expect(reasons.map(({status}) => status)).to.eql(Array(17).fill('rejected'));
    await settled();
    expect(server.asked).to.eql(['https://a.example/next']);
    server.answer('https://a.example/next');
    expect(await next).to.equal('https://a.example/next');
  });

  it('asks nothing for who has given up before', async () => {
    const reason = new DOMException('not wanted', 'AbortError');
    const refusal: unknown = await ask('one', 'https://a.example/', AbortSignal.abort(reason)).catch((e: unknown) => e);
    expect(refusal).to.equal(reason);
    await settled();
    expect(server.asked).to.eql([]);
  });

  it('waits for as long as a busy server says, then asks again, half as many at once', async () => {
    const urls = askMany('one', 20);
    await settled();
    server.answer(urls[0] ?? '', tooMany('https://a.example/', 30_000));
    for (const url of urls.slice(1, 16)) server.answer(url);
    await settled();
    expect(server.asked).to.have.length(16);
    await environment.pass(29_999);
    await settled();
    expect(server.asked).to.have.length(16);
    await environment.pass(1);
    await settled();
    expect(server.asked.slice(16)).to.eql([urls[0], ...urls.slice(16)]);
  });

  it('waits for nobody who says to come back much later', async () => {
    const refused = ask('one', 'https://a.example/').catch((error: unknown) => error);
    const other = ask('other', 'https://a.example/other');
    await settled();
    server.answer('https://a.example/', tooMany('https://a.example/', 3_600_000));
    server.answer('https://a.example/other');
    expect(await refused).to.have.property('status', 429);
    expect(await other).to.equal('https://a.example/other');
    const next = ask('one', 'https://a.example/next');
    await settled();
    server.answer('https://a.example/next');
    expect(await next).to.equal('https://a.example/next');
  });

  it('gives up on a server that stays busy', async () => {
    const refused = ask('one', 'https://a.example/').catch((error: unknown) => error);
    await settled();
    server.answer('https://a.example/', tooMany('https://a.example/'));
    await settled();
    await environment.pass(1_000);
    await settled();
    server.answer('https://a.example/', tooMany('https://a.example/'));
    expect(await refused).to.have.property('status', 429);
    expect(server.asked).to.have.length(2);
  });

  it('hands any other failure over at once', async () => {
    const refused = ask('one', 'https://a.example/').catch((error: unknown) => error);
    await settled();
    server.answer(
      'https://a.example/',
      new RequestError('no', {kind: 'network', status: 503, url: 'https://a.example/'}),
    );
    expect(await refused).to.have.property('status', 503);
  });
});
