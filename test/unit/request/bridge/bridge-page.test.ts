import {expect} from '@open-wc/testing';
import {png} from '../../../doubles/images.js';
import {hanging, offline} from '../../../doubles/scripted-fetch.js';
import {allowAll, bridgePage, closeAll, get, networkOf, OWN, pageOf, ping, speakTo, TILE, type Line} from './setup.js';

const complaintsOf = ({frame}: Line): unknown => Reflect.get(Object(frame.contentWindow), 'complaints');

/** A bridge that serves this page. */
const serving = async (allow: unknown = allowAll): Promise<Line> => {
  const line = await speakTo(bridgePage(allow));
  expect(await line.next()).to.include({v: 1, type: 'ready'});
  return line;
};

const refused = async (line: Line, message: unknown): Promise<unknown> => {
  line.say(message);
  const [answer, ...rest] = await ping(line);
  expect(rest).to.deep.equal([]);
  expect(answer).to.include({v: 1, type: 'refused'});
  return answer?.['reason'];
};

describe('bridge.html', () => {
  afterEach(closeAll);

  describe('the allow list', () => {
    it('as it is shipped allows nobody', async () => {
      const text = await (await fetch('/public/bridge.html')).text();
      expect(text).to.include('{"pages": [], "paths": []}');
      const shipped = /<script id="allow"[^]*?<\/script>/.exec(text)?.[0] ?? '';
      const line = await speakTo(pageOf(`${shipped}<script src="${OWN}/public/bridge.js"></script>`));
      expect(await line.next()).to.deep.equal({v: 1, type: 'refused'});
    });

    for (const [why, entry] of [
      ['a slash at the end', `${OWN}/`],
      ['a path', `${OWN}/maps`],
      ['a wildcard', '*'],
      ['a wildcard within', 'https://*.site.example'],
      ['text after the port', `${OWN}x`],
      ['a space', `${OWN} `],
      ['capitals', OWN.toUpperCase()],
      ['no scheme', location.host],
      ['a user name', OWN.replace('//', '//anna@')],
      ['http elsewhere', 'http://site.example'],
      ['the origin of files', 'null'],
      ['no text', 7],
    ] as const) {
      it(`a page with ${why} is named and allows nobody`, async () => {
        const line = await speakTo(bridgePage({pages: [entry], paths: ['/tiles/']}));
        expect(await line.next()).to.deep.equal({v: 1, type: 'refused'});
        expect(complaintsOf(line)).to.have.length(1);
        expect(String(complaintsOf(line))).to.include(`"pages": ${JSON.stringify(entry)} is not`);
      });
    }

    for (const entry of [
      'tiles/',
      '/tiles/*',
      '/tiles/../',
      '/a%2fb/',
      '/a%2E%2e/',
      '/tiles/?a',
      '//evil',
      '/a b/',
      7,
    ]) {
      it(`the path ${entry} is named and allows nothing`, async () => {
        const line = await serving({pages: [OWN], paths: [entry]});
        expect(String(complaintsOf(line))).to.include(`"paths": ${JSON.stringify(entry)} is not`);
        expect(await refused(line, get(1))).to.equal('url');
      });
    }

    for (const [why, allow] of [
      ['no JSON', '{"pages": [}'],
      ['no object', '[]'],
      ['no lists', {pages: OWN, paths: '/tiles/'}],
    ] as const) {
      it(`that is ${why} allows nobody and says so`, async () => {
        const line = await speakTo(bridgePage(allow));
        expect(await line.next()).to.deep.equal({v: 1, type: 'refused'});
        expect(complaintsOf(line)).not.to.have.length(0);
      });
    }

    it('with a word that is not known says so', async () => {
      const line = await serving({...allowAll, origins: []});
      expect(String(complaintsOf(line))).to.include('"origins" is not known');
    });
  });

  describe('the handshake', () => {
    it('tells an allowed page what it may ask for', async () => {
      const line = await speakTo(bridgePage({...allowAll, tokenHeader: 'X-Api-Key'}));
      const ready = await line.next();
      expect(ready).to.have.all.keys('v', 'type', 'paths', 'headers', 'protocol');
      expect(ready).to.deep.include({
        v: 1,
        type: 'ready',
        paths: ['/tiles/'],
        headers: ['accept', 'authorization', 'dpop', 'x-api-key'],
      });
    });

    it('tells a page that is not listed no, once, and nothing else ever', async () => {
      networkOf();
      const line = await speakTo(bridgePage({pages: ['https://site.example'], paths: ['/tiles/']}));
      expect(await line.next()).to.deep.equal({v: 1, type: 'refused'});
      line.say(get(1));
      // A second try, of which the page must hear nothing.
      const {port1, port2} = new MessageChannel();
      const heard: unknown[] = [];
      port1.onmessage = ({data}) => heard.push(data);
      line.frame.contentWindow?.postMessage({v: 1, type: 'open', source: 'secure-map'}, OWN, [port2]);
      // The frame has had its turn when it has answered to something that it does answer to.
      await new Promise((resolve) => {
        line.frame.contentWindow?.addEventListener('message', resolve, {once: true});
        line.frame.contentWindow?.postMessage('after', OWN);
      });
      expect([heard, line.rest()]).to.deep.equal([[], []]);
    });

    it('is refused in another version', async () => {
      const line = await speakTo(bridgePage(allowAll), {v: 2, type: 'open', source: 'secure-map'});
      expect(await line.next()).to.deep.equal({v: 1, type: 'refused'});
    });

    it('is none of what others say to a window', async () => {
      const line = await speakTo(bridgePage(allowAll), {v: 1, type: 'open'});
      const {port1, port2} = new MessageChannel();
      const answer = new Promise((resolve) => (port1.onmessage = ({data}) => resolve(data)));
      line.frame.contentWindow?.postMessage({v: 1, type: 'open', source: 'secure-map'}, OWN, [port2]);
      expect(await answer).to.include({type: 'ready'});
      expect(line.rest()).to.deep.equal([]);
    });
  });

  describe('a request', () => {
    it('is a GET without cookies, referrer and redirects', async () => {
      const network = networkOf(
        () => new Response('fine', {status: 207, headers: {'content-type': 'a/b', 'x-other': '1', 'retry-after': '3'}}),
      );
      const line = await serving();
      line.say(get(1, {headers: {authorization: 'Bearer t1', accept: 'image/*', dpop: 'proof'}}));
      const {body, ...answer} = await line.next();
      expect(answer).to.deep.equal({
        ...{v: 1, type: 'answer', id: 1, status: 207},
        headers: {'content-type': 'a/b', 'retry-after': '3'},
      });
      expect(body instanceof Blob && (await body.text())).to.equal('fine');
      const [request] = network.requests;
      expect(request).to.include({
        ...{url: TILE, method: 'GET', credentials: 'omit', redirect: 'error', mode: 'same-origin'},
        referrerPolicy: 'no-referrer',
      });
      expect(Object.fromEntries(request?.headers ?? [])).to.deep.equal({
        authorization: 'Bearer t1',
        accept: 'image/*',
        dpop: 'proof',
      });
    });

    for (const url of [
      `${OWN}/other/1.png`,
      `${OWN}/tiles2/1.png`,
      `${OWN}/tiles/../other`,
      `${OWN}/tiles/%2e%2e/other`,
      `${OWN}/tiles/..%2fother`,
      `${OWN}/tiles/%252e%252e%252fother`,
      `${OWN}/tiles/..;/other`,
      `${OWN}/tiles/a%5cb`,
      `${OWN}/tiles\\a`,
      `${OWN}/tiles/1.png#part`,
      `${OWN}//tiles/1.png`,
      '/tiles/1.png',
      'https://other.example/tiles/1.png',
      OWN.replace('//', '//a:b@') + '/tiles/1.png',
      `${OWN}/tiles/${'a'.repeat(9_000)}`,
      'data:text/plain,a',
      7,
      null,
    ]) {
      it(`to ${String(url).slice(0, 60)} is refused`, async () => {
        const network = networkOf();
        expect(await refused(await serving(), get(1, {url}))).to.equal('url');
        expect(network.requests).to.have.length(0);
      });
    }

    for (const headers of [
      {cookie: 'a=1'},
      {'x-forwarded-for': '1'},
      {'x-api-key': '1'},
      {range: 'bytes=0-1'},
      {Authorization: 'Bearer t1'},
      {authorization: 7},
      {authorization: 'a'.repeat(20_000)},
      [['authorization', 'a']],
      'authorization',
      undefined,
    ]) {
      it(`with the headers ${(JSON.stringify(headers) ?? 'left out').slice(0, 50)} is refused`, async () => {
        const network = networkOf();
        expect(await refused(await serving(), get(1, {headers}))).to.equal('headers');
        expect(network.requests).to.have.length(0);
      });
    }

    it('with anything else to say is refused', async () => {
      const network = networkOf();
      const line = await serving();
      const changes = [{method: 'POST'}, {body: 'a'}, {redirect: 'follow'}, {credentials: 'include'}, {as: 'image'}];
      for (const [index, change] of changes.entries())
        expect(await refused(line, get(index + 1, change))).to.equal('shape');
      expect(await refused(line, get(9, {v: 2}))).to.equal('version');
      expect(network.requests).to.have.length(0);
    });

    it('takes the header that the operator has named, in whatever case', async () => {
      const network = networkOf();
      const line = await serving({...allowAll, tokenHeader: 'X-Api-Key'});
      line.say(get(1, {headers: {'x-api-key': 't1'}}));
      expect(await line.next()).to.include({type: 'answer'});
      expect(network.requests[0]?.headers.get('x-api-key')).to.equal('t1');
    });

    it('that gets no answer fails without a word', async () => {
      networkOf(offline);
      const line = await serving();
      line.say(get(1));
      expect(await line.next()).to.deep.equal({v: 1, type: 'failed', id: 1});
    });

    it('whose answer breaks off says so', async () => {
      networkOf(() => new Response(new ReadableStream({pull: (stream) => stream.error(new TypeError('cut'))})));
      const line = await serving();
      line.say(get(1));
      expect(await line.next()).to.include({type: 'answer', status: 200, body: null});
    });

    for (const [what, headers] of [
      ['without a length', {}],
      ['with a length and an encoding', {'content-length': '9', 'content-encoding': 'br'}],
      ['with a length, in chunks', {'content-length': '9', 'transfer-encoding': 'chunked'}],
      ['with a length that browsers do not go by', {'content-length': '1e3'}],
    ] as const)
      it(`whose answer is too large is stopped and left to the page: ${what}`, async () => {
        let sent = 0;
        const endless = new ReadableStream({
          pull(stream) {
            sent += 1;
            stream.enqueue(new Uint8Array(10_000_000));
          },
        });
        networkOf(() => new Response(endless, {headers}));
        const line = await serving();
        line.say(get(1));
        expect(await line.next()).to.deep.equal({v: 1, type: 'refused', id: 1, reason: 'size'});
        expect(sent).to.be.below(9);
      });

    it('brings what was sent, its length told or not', async () => {
      const image = await png('red', 8);
      const headers: Record<string, string>[] = [{}, {'content-length': String(image.size)}];
      networkOf((_, count) => new Response(image, {headers: headers[count - 1] ?? {}}));
      const line = await serving();
      for (const [index] of headers.entries()) {
        line.say(get(index + 1));
        const {body} = await line.next();
        expect(body instanceof Blob && (await body.bytes())).to.deep.equal(await image.bytes());
      }
    });

    it('that is cancelled is taken off the wire, and gets no answer', async () => {
      const network = networkOf(hanging);
      const line = await serving();
      line.say(get(1));
      line.say({v: 1, type: 'cancel', id: 1});
      expect(await ping(line)).to.deep.equal([]);
      expect(network.requests[0]?.signal.aborted).to.equal(true);
    });
  });

  describe('a page that floods it', () => {
    it('has no more than 128 requests under way', async () => {
      const network = networkOf(hanging);
      const line = await serving();
      for (let id = 1; id <= 134; id += 1) line.say(get(id));
      const answers = await ping(line);
      expect(answers.map(({id, reason}) => `${String(id)} ${String(reason)}`)).to.deep.equal(
        [129, 130, 131, 132, 133, 134].map((id) => `${id} busy`),
      );
      expect(network.requests).to.have.length(128);
      line.say({v: 1, type: 'cancel', id: 3});
      line.say(get(135));
      expect(await ping(line)).to.deep.equal([]);
      expect(network.requests).to.have.length(129);
    });

    for (const [why, message] of [
      ['no object', 'get'],
      ['a list', []],
      ['no type', {v: 1}],
      ['an unknown type', {v: 1, type: 'post', id: 2}],
      ['an id twice', get(1)],
      ['no id', get(NaN)],
      ['an id that is text', {...get(1), id: '2'}],
      ['another version without an id', {v: 3}],
    ] as const) {
      it(`is cut off after ${why}`, async () => {
        const network = networkOf(hanging);
        const line = await serving();
        line.say(get(1));
        expect(await ping(line)).to.deep.equal([]);
        line.say(message);
        expect(await line.next()).to.deep.equal({v: 1, type: 'refused'});
        expect(network.requests[0]?.signal.aborted).to.equal(true);
        line.say(get(5));
        expect(network.requests).to.have.length(1);
      });
    }
  });
});
