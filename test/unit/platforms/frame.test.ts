import {expect, oneEvent, waitUntil} from '@open-wc/testing';
import type {SecureMap} from '../../../src/secure-map.js';
import {platformPage, type PlatformPage} from '../../doubles/platform-page.js';
import {FakePopup} from '../sources/oidc/support/page.js';

/** Into which nothing can look, as into a page of any other origin; and it loads in every browser, network or not. */
const SRC = 'data:text/html,the%20viewer';
const tag = {platform: {frame: () => ({src: SRC}), layers: () => ({layers: []})}, controls: 'zoom account'};
const patience = {timeout: 9000};
/** Where a platform sends a visitor whose session has ended: a page of the site itself. */
const OWN_PAGE = new URL('../../../public/bridge.html', import.meta.url).href;

const frameOf = (map: SecureMap): HTMLIFrameElement | null =>
  map.shadowRoot?.querySelector<HTMLIFrameElement>('iframe[part="frame"]') ?? null;

describe('a platform with a viewer of its own', () => {
  let page: PlatformPage;
  const windowOpen = window.open;

  beforeEach(() => {
    page = platformPage(() => new Response(''));
  });
  afterEach(() => {
    window.open = windowOpen;
    Reflect.deleteProperty(document, 'hasFocus');
    page.close();
  });

  const shown = async (map: SecureMap): Promise<HTMLIFrameElement> => {
    await waitUntil(() => frameOf(map), 'the frame is there', patience);
    const frame = frameOf(map);
    if (!frame) throw new Error('There is no frame.');
    return frame;
  };
  /** Signs in by the popup; what the visitor does is to close it. */
  const signIn = async (map: SecureMap): Promise<void> => {
    // A window of our own making, since not every browser under test opens one for nobody.
    const popup = new FakePopup();
    window.open = () => popup as never;
    document.hasFocus = () => true;
    const done = map.login();
    expect(map.authState).to.equal('authenticating');
    expect((await popup.sent).href).to.equal(SRC);
    expect(frameOf(map)).to.equal(null);
    popup.close();
    await done;
  };

  it('stands in the place of the map, which nobody has to sign in for first', async () => {
    const map = await page.put(tag);
    const frame = await shown(map);
    expect(frame.src).to.equal(SRC);
    expect(frame.title).to.equal('Map');
    expect(frame.referrerPolicy).to.equal('no-referrer');
    expect(frame.sandbox.contains('allow-scripts')).to.equal(true);
    expect([...frame.sandbox].filter((token) => token.includes('navigation'))).to.eql([]);
    expect(frame.allow).to.equal('fullscreen');
    expect(map.shadowRoot?.querySelector<HTMLElement>('#map')?.hidden).to.equal(true);
    expect(map.shadowRoot?.querySelector('[part="zoom"]')).to.equal(null);
    expect(map.authState).to.equal('anonymous');
    expect(page.errors).to.eql([]);
    expect(page.sent).to.eql([]);
  });

  it('gives way to the map of another platform', async () => {
    const map = await page.put(tag);
    await shown(map);
    map.platform = {layers: () => ({layers: []})};
    await waitUntil(() => frameOf(map) === null, 'the frame is gone', patience);
    expect(map.shadowRoot?.querySelector<HTMLElement>('#map')?.hidden).to.equal(false);
    expect(page.errors).to.eql([]);
  });

  it('tells once that the visitor has to sign in, when the frame comes to a page of the site twice', async () => {
    const map = await page.put(tag);
    const frame = await shown(map);
    const required: string[] = [];
    map.addEventListener('auth-required', ({reason}) => required.push(reason));
    const land = async (): Promise<void> => {
      const loaded = oneEvent(frame, 'load');
      frame.src = OWN_PAGE;
      await loaded;
    };
    await land();
    // Loaded again by the tag.
    expect(frame.src).to.equal(SRC);
    expect(required).to.eql([]);
    await oneEvent(frame, 'load');
    await land();
    await oneEvent(frame, 'load');
    expect(required).to.eql([]);
    // Twice in a row.
    const again = new URL(OWN_PAGE);
    const realSource = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'src');
    Object.defineProperty(frame, 'src', {
      configurable: true,
      get: () => SRC,
      set: () => {
        realSource?.set?.call(frame, again.href);
      },
    });
    const told = oneEvent(map, 'auth-required');
    frame.src = OWN_PAGE;
    await told;
    expect(required).to.eql(['session-over']);
  });

  describe('with a sign-in in a window first', () => {
    const login = {login: 'popup'};

    it('comes when the window was closed, and only then says that somebody is signed in', async () => {
      const states: string[] = [];
      const listen = ({state}: {state?: unknown}): void => void states.push(String(state));
      addEventListener('auth-state-change', listen as EventListener);
      try {
        const map = await page.put(tag, login);
        await waitUntil(
          () => map.shadowRoot?.querySelector('[part~="status"] button'),
          'the sign-in is asked for',
          patience,
        );
        expect(frameOf(map)).to.equal(null);
        await signIn(map);
        expect((await shown(map)).src).to.equal(SRC);
        expect(map.authState).to.equal('authenticated');
        expect(states.slice(-2)).to.eql(['authenticating', 'authenticated']);
        expect(page.errors).to.eql([]);
      } finally {
        removeEventListener('auth-state-change', listen as EventListener);
      }
    });

    it('asks again when the session there has ended, and goes when the visitor signs out', async () => {
      const map = await page.put(tag, login);
      await waitUntil(
        () => map.shadowRoot?.querySelector('[part~="status"] button'),
        'the sign-in is asked for',
        patience,
      );
      await signIn(map);
      const frame = await shown(map);
      const realSource = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'src');
      Object.defineProperty(frame, 'src', {
        configurable: true,
        get: () => SRC,
        set: () => {
          realSource?.set?.call(frame, OWN_PAGE);
        },
      });
      const expired = oneEvent(map, 'session-expired');
      frame.src = OWN_PAGE;
      await expired;
      expect(map.authState).to.equal('expired');
      await map.logout();
      await waitUntil(() => frameOf(map) === null, 'the frame is gone', patience);
      expect(map.authState).to.equal('signed-out');
    });

    it('is loaded anew when the page asks for a refresh', async () => {
      const map = await page.put(tag, login);
      await waitUntil(
        () => map.shadowRoot?.querySelector('[part~="status"] button'),
        'the sign-in is asked for',
        patience,
      );
      await signIn(map);
      const loaded = oneEvent(await shown(map), 'load');
      const refreshed = map.refresh();
      expect(map.authState).to.equal('refreshing');
      await loaded;
      await refreshed;
      expect(map.authState).to.equal('authenticated');
      expect(page.errors).to.eql([]);
    });

    it('does not come when the visitor cancels', async () => {
      const map = await page.put(tag, login);
      await waitUntil(
        () => map.shadowRoot?.querySelector('[part~="status"] button'),
        'the sign-in is asked for',
        patience,
      );
      const failed = map.login().catch((error: unknown) => error);
      await waitUntil(() => map.authState === 'authenticating', 'it begins', patience);
      await map.updateComplete;
      const cancel = map.shadowRoot?.querySelector<HTMLButtonElement>('[part~="status"] button');
      cancel?.click();
      expect(await failed).to.include({code: 'login-cancelled'});
      expect(frameOf(map)).to.equal(null);
      expect(map.authState).to.equal('anonymous');
    });
  });
});
