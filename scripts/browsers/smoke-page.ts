import type {} from '../../src/secure-map.js';
import type {Tab} from './browser.js';
import {inPage} from './in-page.js';
import {until} from './until.js';

type SecureMap = HTMLElementTagNameMap['secure-map'];

const numbers = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : []);

/** Presses the middle of what the selectors lead to, each within the shadow root of the one before. */
const press = async (tab: Tab, ...selectors: string[]): Promise<void> => {
  let point: number[] = [];
  const find = async (): Promise<boolean> => {
    const found = await inPage(
      tab,
      (path) => {
        let scope: ParentNode | null = document;
        let element: Element | null = null;
        for (const selector of path) {
          element = scope?.querySelector(selector) ?? null;
          scope = element?.shadowRoot ?? null;
        }
        // What is not laid out for good is somewhere else by the time it is pressed.
        if (!element || element.matches(':disabled') || document.readyState !== 'complete') return [];
        element.scrollIntoView({block: 'center'});
        const {left, top, width, height} = element.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      },
      selectors,
    );
    point = numbers(found);
    return point.length === 2;
  };
  await until(`${selectors.join(' ')} is there`, find);
  const [x = 0, y = 0] = point;
  await tab.press(x, y);
};

const fill = async (tab: Tab, selector: string, text: string): Promise<void> => {
  await press(tab, selector);
  await tab.type(text);
  await until(
    `${selector} is filled in`,
    async () => (await inPage(tab, (to) => document.querySelector<HTMLInputElement>(to)?.value, selector)) === text,
  );
};

export const isLogin = async (tab: Tab): Promise<boolean> =>
  (await inPage(tab, () => document.querySelector('#name') !== null)) === true;

/** The login page of the provider, as a visitor fills it in. */
export const fillLogin = async (tab: Tab, name: string): Promise<void> => {
  await fill(tab, '#name', name);
  await fill(tab, '#password', name);
  await press(tab, 'button[value=sign-in]');
};

/** Signs in or out, whichever the button is for at the moment. */
export const pressAccount = (tab: Tab): Promise<void> => press(tab, 'secure-map', '[part=account] button');

export const hasState = async (tab: Tab, state: string): Promise<boolean> =>
  (await inPage(tab, () => document.querySelector<SecureMap>('secure-map')?.authState)) === state;

/** Nothing of the map is under way. */
export const isIdle = async (tab: Tab): Promise<boolean> =>
  (await inPage(tab, () =>
    document.querySelector('secure-map')?.shadowRoot?.querySelector('#map')?.getAttribute('aria-busy'),
  )) === 'false';

export interface Drawn {
  /** The share of the pixels that anything was drawn on. */
  readonly opaque: number;
  readonly colours: number;
}

/** What the visitor sees of the map itself: all its canvases, one on the other. */
export const drawn = async (tab: Tab): Promise<Drawn> => {
  const found = await inPage(tab, () => {
    const element = document.querySelector<SecureMap>('secure-map');
    const {width = 0, height = 0} = element?.getBoundingClientRect() ?? {};
    const whole = document.createElement('canvas');
    whole.width = Math.round(width);
    whole.height = Math.round(height);
    const context = whole.getContext('2d', {willReadFrequently: true});
    if (!context) return [];
    for (const canvas of element?.map.getViewport()?.querySelectorAll('canvas') ?? []) {
      if (canvas.width > 0 && canvas.height > 0) context.drawImage(canvas, 0, 0, whole.width, whole.height);
    }
    const pixels = new Uint32Array(context.getImageData(0, 0, whole.width, whole.height).data.buffer);
    let opaque = 0;
    for (const pixel of pixels) if (pixel >>> 24 === 255) opaque += 1;
    return [opaque / pixels.length, new Set(pixels).size];
  });
  const [opaque = 0, colours = 0] = numbers(found);
  return {opaque, colours};
};

/** Sends the tiles of a server through its bridge from now on. */
export const useBridge = (tab: Tab, url: string): Promise<unknown> =>
  inPage(tab, (to) => document.querySelector('secure-map')?.setAttribute('tile-bridge', to), url);

/** Moves the map by its own width. */
export const pan = (tab: Tab): Promise<unknown> =>
  inPage(tab, () => {
    const map = document.querySelector<SecureMap>('secure-map')?.map;
    const view = map?.getView();
    const [x = 0, y = 0] = view?.getCenter() ?? [];
    const [width = 0] = map?.getSize() ?? [];
    view?.setCenter([x + width * (view.getResolution() ?? 1), y]);
  });
