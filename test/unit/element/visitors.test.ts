import {expect, oneEvent} from '@open-wc/testing';
import {SecureMap} from '../../../src/secure-map.js';

if (!customElements.get('secure-map')) customElements.define('secure-map', SecureMap);

const network = globalThis.fetch;

describe('a request of a visitor who signed out', () => {
  let sent: string[];
  let answer: Promise<Response>;

  beforeEach(() => {
    sent = [];
    globalThis.fetch = (input, init) => {
      const request = new Request(input, init);
      if (new URL(request.url).hostname !== 'own.example') return network(input, init);
      sent.push(request.headers.get('authorization') ?? 'bare');
      return sent.length === 1 ? answer : Promise.resolve(new Response('ok'));
    };
  });

  afterEach(() => {
    globalThis.fetch = network;
    for (const map of document.querySelectorAll('secure-map')) map.remove();
  });

  it('is not sent again with the token of the next one', async () => {
    const late = Promise.withResolvers<Response>();
    answer = late.promise;
    const map = document.createElement('secure-map');
    Object.assign(map, {token: 'ANNA', allowedOrigins: 'https://own.example', controls: 'none'});
    document.body.append(map);
    await map.ready;
    const request = map
      .fetch('https://own.example/x', {method: 'POST', body: 'by anna'})
      .catch((error: unknown) => error);
    while (sent.length === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
    await map.logout();
    map.token = 'BOB';
    await oneEvent(map, 'auth-state-change');
    late.resolve(new Response('', {status: 401}));
    expect(await request).to.be.instanceOf(Error);
    expect(sent).to.eql(['Bearer ANNA']);
    expect((await map.fetch('https://own.example/y')).ok).to.equal(true);
    expect(sent).to.eql(['Bearer ANNA', 'Bearer BOB']);
  });
});
