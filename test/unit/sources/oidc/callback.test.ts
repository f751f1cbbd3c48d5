import {expect} from '@open-wc/testing';

const PAGE = new URL('../../../../public/callback.html', import.meta.url).pathname;

let frame: HTMLIFrameElement;

/** Opens the return page in a frame and waits until it is loaded, or what it goes to. */
const open = async (query: string): Promise<Location> => {
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, {once: true}));
  frame.src = PAGE + query;
  await loaded;
  if (!frame.contentWindow) throw new Error('The frame has no window.');
  return frame.contentWindow.location;
};

const record = (state: string, path: unknown, at: unknown = Date.now()): void =>
  sessionStorage.setItem(`secure-map.redirect.${state}`, JSON.stringify({path, at}));

const answerOf = (state: string): string | null => sessionStorage.getItem(`secure-map.answer.${state}`);

/** Messages on the channel of a state. */
const listen = (state: string) => {
  const messages: unknown[] = [];
  const channel = new BroadcastChannel(`secure-map.callback.${state}`);
  const first = new Promise<unknown>((resolve) =>
    channel.addEventListener('message', ({data}: MessageEvent<unknown>) => {
      messages.push(data);
      resolve(data);
    }),
  );
  return {channel, messages, first};
};

describe('the return page', () => {
  beforeEach(() => {
    frame = document.createElement('iframe');
    document.body.append(frame);
  });
  afterEach(() => {
    frame.remove();
    sessionStorage.clear();
  });

  it('says what it is when it is opened by hand, and does nothing', async () => {
    const {pathname, search} = await open('');
    expect([pathname, search]).to.eql([PAGE, '']);
    expect(frame.contentDocument?.querySelector('h1')?.textContent).to.equal('You can close this window');
    expect(sessionStorage.length).to.equal(0);
  });

  it('leaves alone what others keep in the tab', async () => {
    sessionStorage.setItem('undefined', 'kept');
    await open('');
    expect(sessionStorage.getItem('undefined')).to.equal('kept');
  });

  it('is accessible', async () => {
    await open('');
    const {contentDocument} = frame;
    expect(contentDocument?.documentElement.lang).to.equal('en');
    expect(contentDocument?.title).not.to.equal('');
    expect(contentDocument?.querySelector('main h1')).not.to.equal(null);
  });

  it('runs one script of its own and nothing else', async () => {
    const page = new DOMParser().parseFromString(await (await fetch(PAGE)).text(), 'text/html');
    // The test server adds a script to every page that it serves.
    const own = [...page.scripts].filter((script) => !script.src.includes('__web-dev-server'));
    expect(own.map((script) => script.getAttribute('src'))).to.eql(['callback.js']);
    const meta = (selector: string) => page.querySelector(`meta[${selector}]`)?.getAttribute('content');
    const policy = "default-src 'none'; script-src 'self'; style-src 'self'";
    expect(meta('http-equiv="Content-Security-Policy"')).to.equal(policy);
    expect(meta('name="referrer"')).to.equal('no-referrer');
  });

  it('goes back to the page that began and puts the answer aside', async () => {
    record('s1', '/test/unit/sources/oidc/support/page.html?layers=a,b#here');
    const {pathname, search, hash} = await open('?code=abc&state=s1&iss=https%3A%2F%2Flogin.test');
    expect(pathname + search + hash).to.equal('/test/unit/sources/oidc/support/page.html?layers=a,b#here');
    const answer: unknown = JSON.parse(answerOf('s1') ?? '');
    expect(answer).to.include({v: 1, params: 'code=abc&state=s1&iss=https%3A%2F%2Flogin.test'});
    expect(sessionStorage.getItem('secure-map.redirect.s1'), 'the way back is used once').to.equal(null);
  });

  it('goes back with an error as well', async () => {
    record('s2', '/test/unit/sources/oidc/support/page.html');
    expect((await open('?error=access_denied&state=s2')).pathname).to.contain('support/page.html');
    expect(answerOf('s2')).to.contain('access_denied');
  });

  const elsewhere: readonly unknown[] = [
    '//evil.test/',
    '///evil.test/',
    '/\\evil.test/',
    '\\\\evil.test/',
    '/\t/evil.test/',
    '/\n/evil.test/',
    '\t//evil.test/',
    ' //evil.test/',
    'https://evil.test/',
    'HTTPS:evil.test/',
    'http:evil.test',
    'https:/\\evil.test',
    '@evil.test/',
    '.evil.test/',
    ':80@evil.test/',
    'evil.test',
    './page.html',
    '../page.html',
    '?x=1',
    '#x',
    '',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://evil.test/1',
    'about:blank',
    'file:///etc/passwd',
    'view-source:https://evil.test',
    null,
    42,
    {href: 'https://evil.test/'},
    ['/map'],
  ];
  for (const path of elsewhere) {
    it(`does not go to ${JSON.stringify(path)}`, async () => {
      record('s3', path);
      const {origin, pathname, search} = await open('?code=abc&state=s3');
      expect([origin, pathname, search]).to.eql([location.origin, PAGE, '']);
      expect(answerOf('s3')).to.equal(null);
      expect(sessionStorage.getItem('secure-map.redirect.s3')).to.equal(null);
    });
  }

  const own = ['/a/@evil.test', '/a?b=https://evil.test#//evil.test', '/a:80@evil.test'];
  for (const path of own) {
    it(`stays on its origin with ${path}`, async () => {
      record('s4', path);
      expect((await open('?code=abc&state=s4')).origin).to.equal(location.origin);
    });
  }

  it('tells the channel of the state when no redirect began it', async () => {
    const {first, channel} = listen('p1');
    const {pathname, search} = await open('?code=abc&state=p1&iss=x');
    expect(await first).to.eql({source: 'secure-map', v: 1, params: 'code=abc&state=p1&iss=x'});
    expect([pathname, search]).to.eql([PAGE, '']);
    expect(sessionStorage.length).to.equal(0);
    channel.close();
  });

  for (const at of [Date.now() - 16 * 60_000, 'now', undefined]) {
    it(`forgets a way back from ${at === undefined ? 'no time' : at}`, async () => {
      record('p2', '/test/unit/sources/oidc/support/page.html', at ?? null);
      if (at === undefined) sessionStorage.setItem('secure-map.redirect.p2', 'not JSON');
      const {first, channel} = listen('p2');
      expect((await open('?code=abc&state=p2')).pathname).to.equal(PAGE);
      await first;
      expect(answerOf('p2')).to.equal(null);
      channel.close();
    });
  }

  const garbage = ['?', '?state=g1', '?foo=1&bar', '?states=g1&codes=2', '?%', '#code=abc&state=g1'];
  for (const query of garbage) {
    it(`does nothing with ${query}`, async () => {
      const {messages, channel} = listen('g1');
      record('g1', '/test/unit/sources/oidc/support/page.html');
      expect((await open(query)).pathname).to.equal(PAGE);
      // A message on the same channel comes after all that were sent before it.
      const marker = new BroadcastChannel('secure-map.callback.g1');
      const last = new Promise((resolve) => channel.addEventListener('message', resolve));
      marker.postMessage('marker');
      await last;
      expect(messages).to.eql(['marker']);
      expect(answerOf('g1')).to.equal(null);
      for (const each of [channel, marker]) each.close();
    });
  }

  describe('in a window of its own', () => {
    const openWindow = (query: string): Window => {
      const popup = window.open(PAGE + query, `callback-${crypto.randomUUID()}`, 'popup');
      if (!popup) throw new Error('The window is blocked.');
      return popup;
    };
    const message = (popup: Window): Promise<MessageEvent> =>
      new Promise((resolve) => {
        const onMessage = (event: MessageEvent): void => {
          if (event.source !== popup) return;
          window.removeEventListener('message', onMessage);
          resolve(event);
        };
        window.addEventListener('message', onMessage);
      });
    const closed = (popup: Window): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => void (popup.closed ? resolve() : setTimeout(look, 20));
        look();
      });

    it('tells its opener and the channel, and closes', async () => {
      const {first, channel} = listen('w1');
      const popup = openWindow('?code=abc&state=w1');
      const {data, origin} = await message(popup);
      expect(data).to.eql({source: 'secure-map', v: 1, params: 'code=abc&state=w1'});
      expect(origin).to.equal(location.origin);
      expect(await first).to.eql(data);
      await closed(popup);
      channel.close();
    });

    it('tells its opener of an answer without a state', async () => {
      const popup = openWindow('?error=server_error');
      expect((await message(popup)).data).to.eql({source: 'secure-map', v: 1, params: 'error=server_error'});
      await closed(popup);
    });

    it('closes after a sign-out, which says nothing', async () => {
      await closed(openWindow(''));
    });
  });
});
