import {expect} from '@open-wc/testing';
import {readBody} from '../../../../src/request/read-body.js';
import {readImage} from '../../../../src/request/read-image.js';
import {countBitmaps} from '../../../doubles/counted-bitmaps.js';
import {png} from '../../../doubles/images.js';
import {rejection} from '../../../doubles/rejection.js';
import {hanging, offline} from '../../../doubles/scripted-fetch.js';
import {settled} from '../../../doubles/test-environment.js';
import {
  allowAll,
  atTheEnd,
  bridgePage,
  closeAll,
  networkOf,
  openBridge,
  OWN,
  pageOf,
  playedPage,
  TILE,
} from './setup.js';

const READY = {v: 1, type: 'ready', paths: ['/tiles/'], headers: ['authorization', 'accept'], protocol: 'h2'};

/** A hostile bridge: how it greets, and what it says to each message. */
const hostile = (answer: (port: MessagePort, message: Record<string, unknown>) => void, ready: unknown = READY): URL =>
  playedPage(({ports: [port]}) => {
    if (!port) return;
    port.onmessage = ({data}) => answer(port, data);
    port.postMessage(ready);
  });

const answerTo = (id: unknown, change: Readonly<Record<string, unknown>> = {}) => ({
  ...{v: 1, type: 'answer', id, status: 200, headers: {'content-type': 'text/plain'}, body: new Blob(['ok'])},
  ...change,
});

const isGet = ({type}: Record<string, unknown>): boolean => type === 'get';

describe('a tile bridge', () => {
  afterEach(closeAll);

  it('brings answers as fetch does', async () => {
    networkOf(
      () =>
        new Response('no', {
          status: 401,
          headers: {'www-authenticate': 'Bearer', 'retry-after': '3', 'dpop-nonce': 'n', 'content-type': 'text/plain'},
        }),
    );
    const {ask, troubles} = openBridge(bridgePage(allowAll));
    const response = await ask();
    expect(response).to.include({status: 401, ok: false, url: TILE});
    expect(Object.fromEntries(response?.headers ?? [])).to.deep.equal({
      ...{'content-type': 'text/plain', 'www-authenticate': 'Bearer', 'retry-after': '3', 'dpop-nonce': 'n'},
    });
    expect([await response?.text(), troubles]).to.deep.equal(['no', []]);
  });

  it('brings answers without a body, too', async () => {
    networkOf(() => new Response(null, {status: 204}));
    expect(await openBridge(bridgePage(allowAll)).ask()).to.include({status: 204});
  });

  it('is one hidden frame with as few permissions as there can be, until it is closed', async () => {
    networkOf();
    const {bridge, ask, mount} = openBridge(bridgePage(allowAll));
    await ask();
    const frames = mount.querySelectorAll('iframe');
    expect(frames).to.have.length(1);
    expect(frames[0]).to.include({hidden: true, title: 'Tile bridge', referrerPolicy: 'no-referrer', tabIndex: -1});
    expect(frames[0]?.getAttribute('sandbox')).to.equal('allow-scripts allow-same-origin');
    expect(frames[0]?.getAttribute('aria-hidden')).to.equal('true');
    bridge.close();
    expect(mount.childElementCount).to.equal(0);
    expect(await ask()).to.equal(undefined);
  });

  it('is no way for what it cannot say', async () => {
    const network = networkOf();
    const {ask, troubles} = openBridge(bridgePage(allowAll));
    expect(await ask({method: 'POST', body: 'a'})).to.equal(undefined);
    expect(await ask({cache: 'no-store'})).to.equal(undefined);
    expect(await ask({}, true, `${TILE}#a`)).to.equal(undefined);
    expect([network.requests, troubles]).to.deep.equal([[], []]);
  });

  it('tells once that it does not serve a path of a layer, and says nothing of what the page asks itself', async () => {
    networkOf();
    const {ask, reasons, troubles} = openBridge(bridgePage(allowAll));
    expect(await ask({}, false, `${OWN}/config/a.json`)).to.equal(undefined);
    expect(reasons()).to.deep.equal([]);
    expect(await ask({}, true, `${OWN}/other/1.png?secret`)).to.equal(undefined);
    expect(await ask({}, true, `${OWN}/other/2.png`)).to.equal(undefined);
    expect(await ask({}, true, `${OWN}/tiles/%2e%2e/1.png`.replace('%2e%2e', '..;'))).to.equal(undefined);
    expect(reasons()).to.deep.equal(['bridge-unserved']);
    expect(troubles[0]?.code).to.equal('request-failed');
    expect(troubles[0]?.message).to.include(`${OWN}/other/1.png`).and.not.to.include('secret');
    expect(await ask()).to.include({status: 200});
  });

  it('tells that it does not take a header', async () => {
    const network = networkOf();
    const {ask, troubles} = openBridge(bridgePage(allowAll));
    expect(await ask({headers: {'x-api-key': 't1'}})).to.equal(undefined);
    expect(troubles[0]?.message).to.include('x-api-key').and.not.to.include('t1');
    expect(network.requests).to.have.length(0);
  });

  it('without an answer of the server fails as fetch does', async () => {
    networkOf(offline);
    const {ask, troubles} = openBridge(bridgePage(allowAll));
    expect(await rejection(ask())).to.be.instanceOf(TypeError);
    expect(troubles).to.deep.equal([]);
  });

  it('whose server breaks off brings what cannot be read', async () => {
    networkOf(() => new Response(new ReadableStream({pull: (stream) => stream.error(new TypeError('cut'))})));
    const response = await openBridge(bridgePage(allowAll)).ask();
    expect(response).to.include({status: 200});
    const error = await rejection(readImage(response ?? Response.error(), TILE));
    expect(error).to.include({kind: 'network'});
  });

  it('hands over images to be decoded without a look at them', async () => {
    const image = await png('red', 8);
    networkOf(() => new Response(image));
    const response = (await openBridge(bridgePage(allowAll)).ask()) ?? Response.error();
    const bitmaps = countBitmaps();
    try {
      const bitmap = await readImage(response, TILE);
      expect([bitmap.width, bitmaps.made, response.bodyUsed]).to.deep.equal([8, 1, false]);
      bitmap.close();
      expect(await response.bytes()).to.deep.equal(await image.bytes());
    } finally {
      bitmaps.restore();
    }
  });

  it('hands over reports, to be told in the words of the service', async () => {
    networkOf(() => new Response('<ServiceExceptionReport><ServiceException>No layer</ServiceException>'));
    const response = (await openBridge(bridgePage(allowAll)).ask()) ?? Response.error();
    const error = await rejection(readImage(response, TILE));
    expect(error).to.include({kind: 'ogc', message: 'The service answered: No layer'});
  });

  it('takes what is aborted off the wire, and rejects with the reason', async () => {
    const network = networkOf(hanging);
    const {ask, bridge} = openBridge(bridgePage(allowAll));
    const stop = new AbortController();
    const answer = ask({signal: stop.signal});
    while (network.requests.length === 0) await settled();
    const reason = new DOMException('Not wanted.', 'AbortError');
    stop.abort(reason);
    expect(await rejection(answer)).to.equal(reason);
    while (!network.requests[0]?.signal.aborted) await settled();
    // Already before it was opened.
    expect(await rejection(ask({signal: AbortSignal.abort(reason)}))).to.equal(reason);
    bridge.close();
  });

  it('aborted while it is opened rejects, and does not wait', async () => {
    const {ask} = openBridge(pageOf('<p>No bridge.</p>'));
    const stop = new AbortController();
    const answer = ask({signal: stop.signal});
    stop.abort();
    expect(await rejection(answer)).to.have.property('name', 'AbortError');
  });

  describe('that does not come about', () => {
    it('refuses: told once, and all goes direct', async () => {
      networkOf();
      const {ask, reasons, troubles, mount} = openBridge(bridgePage({pages: [], paths: []}));
      expect(await Promise.all([ask(), ask(), ask()])).to.deep.equal([undefined, undefined, undefined]);
      expect(await ask()).to.equal(undefined);
      expect(reasons()).to.deep.equal(['bridge-refused']);
      expect(troubles[0]?.message).to.include('tile-bridge: blob:');
      expect(mount.childElementCount).to.equal(0);
    });

    it('is no bridge: given up after four seconds', async () => {
      const {ask, environment, reasons, mount} = openBridge(pageOf('<p>No bridge.</p>'));
      const frame = mount.querySelector('iframe');
      await new Promise((resolve) => frame?.addEventListener('load', resolve, {once: true}));
      const answer = ask();
      await environment.pass(3_999);
      expect(reasons()).to.deep.equal([]);
      await environment.pass(1);
      expect([await answer, reasons()]).to.deep.equal([undefined, ['bridge-timeout']]);
      expect(environment.pending.timers).to.equal(0);
    });

    it('does not load: given up after eight seconds', async () => {
      const {ask, environment, reasons, mount} = openBridge(pageOf('<p>No bridge.</p>'));
      // As long as it does not say so, it has not loaded.
      mount.querySelector('iframe')?.addEventListener('load', (event) => event.stopImmediatePropagation());
      const answer = ask();
      await environment.pass(8_000);
      expect([await answer, reasons()]).to.deep.equal([undefined, ['bridge-timeout']]);
    });

    it('is of another origin than declared: it is given no port', async () => {
      const heard: unknown[] = [];
      const page = playedPage((event) => heard.push(event.data));
      // The same page, by an address whose origin is another one.
      const declared = new URL(page.href);
      Object.defineProperty(declared, 'origin', {value: 'https://tiles.example'});
      const {ask, environment, reasons, mount} = openBridge(declared);
      await new Promise((resolve) => mount.querySelector('iframe')?.addEventListener('load', resolve, {once: true}));
      const answer = ask();
      await environment.pass(4_000);
      expect([await answer, reasons(), heard]).to.deep.equal([undefined, ['bridge-timeout'], []]);
    });

    for (const [why, greeting] of [
      ['in another version', {...READY, v: 2}],
      ['with text', 'ready'],
      ['with nothing', null],
      ['with an answer', answerTo(1)],
      ['without paths', {v: 1, type: 'ready', headers: []}],
      ['with paths that are none', {...READY, paths: [7]}],
      ['with more paths than anybody has', {...READY, paths: Array(2_000).fill('/')}],
      ['with headers that are none', {...READY, headers: 'authorization'}],
      ['with a protocol that is none', {...READY, protocol: 2}],
    ] as const) {
      it(`greets ${why}: all goes direct`, async () => {
        const {ask, reasons} = openBridge(hostile(() => undefined, greeting));
        expect([await ask(), reasons()]).to.deep.equal([undefined, ['bridge-invalid']]);
      });
    }
  });

  it('says how its requests get to the server', async () => {
    const url = hostile(() => undefined);
    const {bridge, ask, protocols} = openBridge(url);
    const asked = ask();
    while (protocols.length === 0) await settled();
    expect(protocols).to.deep.equal([`${url.origin} h2`]);
    bridge.close();
    expect(await asked).to.equal(undefined);
  });

  describe('that is hostile', () => {
    for (const [why, message] of [
      ['for an id that was not asked for', (id: number) => answerTo(id + 1)],
      ['in another version', (id: number) => answerTo(id, {v: 2})],
      ['in no version', (id: number) => ({type: 'answer', id})],
      ['with text', () => 'answer'],
      ['with a status that is none', (id: number) => answerTo(id, {status: 99})],
      ['with a status that is text', (id: number) => answerTo(id, {status: '200'})],
      ['with a body that is none', (id: number) => answerTo(id, {body: 'text'})],
      ['with headers that it must not send', (id: number) => answerTo(id, {headers: {'set-cookie': 'a=1'}})],
      ['with headers that no server can send', (id: number) => answerTo(id, {headers: {'content-type': 'a\nb'}})],
      ['with huge headers', (id: number) => answerTo(id, {headers: {'content-type': 'a'.repeat(20_000)}})],
      ['with bytes in place of a body', (id: number) => answerTo(id, {body: new ArrayBuffer(2)})],
      ['by greeting again', () => READY],
    ] as const) {
      it(`answers ${why}: everything under way goes direct, told once`, async () => {
        const bridge = openBridge(
          hostile((port, data) => isGet(data) && data['id'] === 2 && port.postMessage(message(2))),
        );
        expect(await Promise.all([bridge.ask(), bridge.ask()])).to.deep.equal([undefined, undefined]);
        expect(await bridge.ask()).to.equal(undefined);
        expect(bridge.reasons()).to.deep.equal(['bridge-invalid']);
        expect(bridge.mount.childElementCount).to.equal(0);
        expect(bridge.environment.pending.timers).to.equal(0);
      });
    }

    it('answers with an image where there can be none: there is none', async () => {
      const body = await png('red', 8);
      const {ask} = openBridge(
        hostile((port, data) => isGet(data) && port.postMessage(answerTo(data['id'], {status: 204, body}))),
      );
      const response = (await ask()) ?? Response.error();
      expect(await rejection(readImage(response, TILE))).to.include({kind: 'format', message: 'The answer is empty'});
    });

    it('answers with more than anybody can show: that is refused', async () => {
      const body = new Blob([new Uint8Array(50_000_001)]);
      const {ask} = openBridge(hostile((port, data) => isGet(data) && port.postMessage(answerTo(data['id'], {body}))));
      const image = await rejection(readImage((await ask()) ?? Response.error(), TILE));
      expect(image).to.include({kind: 'format', reason: 'too-large'});
      const text = await rejection(readBody((await ask()) ?? Response.error(), TILE));
      expect(text).to.include({kind: 'format', reason: 'too-large'});
    });

    it('answers twice, or what was cancelled: only the first counts', async () => {
      const {ask, reasons} = openBridge(
        hostile((port, data) => {
          if (!isGet(data)) return;
          port.postMessage(answerTo(data['id'], {status: 201}));
          port.postMessage(answerTo(data['id'], {status: 500}));
        }),
      );
      expect(await ask()).to.include({status: 201});
      expect(await ask()).to.include({status: 201});
      expect(reasons()).to.deep.equal([]);
    });

    it('refuses one request: that one goes direct, told once', async () => {
      const {ask, reasons} = openBridge(
        hostile((port, data) =>
          port.postMessage(
            data['id'] === 2 ? answerTo(2) : {v: 1, type: 'refused', id: data['id'], reason: '<b>Send money</b>'},
          ),
        ),
      );
      expect(await ask()).to.equal(undefined);
      expect(await ask()).to.include({status: 200});
      expect(await ask()).to.equal(undefined);
      expect(reasons()).to.deep.equal(['bridge-unserved']);
    });

    it('refuses everything in the midst of it', async () => {
      const {ask, reasons} = openBridge(hostile((port) => port.postMessage({v: 1, type: 'refused'})));
      expect([await ask(), await ask(), reasons()]).to.deep.equal([undefined, undefined, ['bridge-refused']]);
    });

    it('never answers, nor gives a sign of life: all goes direct after fifteen seconds', async () => {
      const heard: unknown[] = [];
      const {ask, environment, reasons} = openBridge(hostile((_, {type}) => heard.push(type)));
      const answers = Promise.all([ask(), ask()]);
      while (heard.length < 2) await settled();
      await environment.pass(14_999);
      expect(reasons()).to.deep.equal([]);
      await environment.pass(1);
      expect([await answers, reasons()]).to.deep.equal([[undefined, undefined], ['bridge-lost']]);
      expect(environment.pending.timers).to.equal(0);
    });

    it('says that it lives and never answers: all goes direct after a minute', async () => {
      const heard: unknown[] = [];
      const {ask, environment, reasons} = openBridge(
        hostile((port, {type}) => {
          heard.push(type);
          if (type === 'ping') port.postMessage({v: 1, type: 'pong'});
        }),
      );
      const answer = ask();
      for (let beat = 1; beat <= 13; beat += 1) {
        while (heard.length < beat) await settled();
        await settled();
        expect(reasons()).to.deep.equal([]);
        await environment.pass(5_000);
      }
      expect(heard).to.deep.equal(['get', ...Array(12).fill('ping')]);
      expect([await answer, reasons()]).to.deep.equal([undefined, ['bridge-lost']]);
    });

    it('never answers one of many: that one goes direct, and nothing is said of it', async () => {
      const cancelled: unknown[] = [];
      const {ask, environment, reasons} = openBridge(
        hostile((port, data) => {
          if (data['type'] === 'ping') port.postMessage({v: 1, type: 'pong'});
          if (data['type'] === 'cancel') cancelled.push(data['id']);
          if (isGet(data) && data['id'] !== 1) port.postMessage(answerTo(data['id']));
        }),
      );
      const slow = ask();
      for (let beat = 1; beat <= 13; beat += 1) {
        expect(await ask()).to.include({status: 200});
        await environment.pass(5_000);
        await settled();
      }
      expect([await slow, reasons()]).to.deep.equal([undefined, []]);
      expect(await ask()).to.include({status: 200});
      expect(cancelled).to.deep.equal([1]);
    });

    it('is gone: another page in its place', async () => {
      const {ask, mount, reasons} = openBridge(hostile(() => undefined));
      const answer = ask();
      const frame = mount.querySelector('iframe');
      await new Promise((resolve) => frame?.addEventListener('load', resolve, {once: true}));
      frame?.contentWindow?.location.replace(pageOf('<p>Elsewhere</p>').href);
      expect([await answer, reasons()]).to.deep.equal([undefined, ['bridge-lost']]);
    });

    it('is closed by the map while something is under way: that goes direct, and nothing is told', async () => {
      const heard: unknown[] = [];
      const {ask, bridge, environment, reasons} = openBridge(hostile((_, {type}) => heard.push(type)));
      const answer = ask();
      while (heard.length === 0) await settled();
      bridge.close();
      expect([await answer, reasons(), environment.pending.timers]).to.deep.equal([undefined, [], 0]);
    });
  });

  it('is asked for no more than it can do at a time', async () => {
    const network = networkOf(hanging);
    const {ask, reasons} = openBridge(bridgePage(allowAll));
    const stop = new AbortController();
    atTheEnd(() => stop.abort());
    const asked = Array.from({length: 128}, () => ask({signal: stop.signal}));
    for (const each of asked) each.catch(() => undefined);
    while (network.requests.length < 128) await settled();
    expect([await ask(), reasons()]).to.deep.equal([undefined, []]);
    expect(network.requests).to.have.length(128);
  });
});
