import type {Locator, Page} from '@playwright/test';
import {expect, test} from './fixtures.js';
import {accountOf, expectIdle, expectMap, expectState, messageOf, tagOf, viewOf} from './support/tag.js';
import {fillLogin, signInByPopup} from './support/visitor.js';

/** What has the focus, through all shadow roots: its role or tag, and its name. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element) return '';
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
    const name = element.getAttribute('aria-label') ?? label ?? element.textContent ?? '';
    return `${element.getAttribute('role') ?? element.localName}: ${name.replaceAll(/\s+/g, ' ').trim()}`;
  });

/** Presses Tab until something has the focus; fails when that never comes. */
const tabTo = async (page: Page, wanted: string): Promise<void> => {
  const passed: string[] = [];
  for (let presses = 0; presses < 40; presses += 1) {
    const here = await focused(page);
    if (here === wanted) return;
    passed.push(here);
    await page.keyboard.press('Tab');
  }
  throw new Error(`"${wanted}" is not reached by Tab, only: ${passed.join(', ')}`);
};

/** The ring around what has the focus. */
const outlineOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element ? getComputedStyle(element).outlineStyle : '';
  });

test('with the keyboard alone: sign in, zoom, move, layers, sign out', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await expect(accountOf(tag)).toBeVisible();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('a: Skip to the map');

  await tabTo(page, 'button: Sign in');
  expect(await outlineOf(page)).toBe('solid');
  const opened = page.waitForEvent('popup');
  await page.keyboard.press('Enter');
  const popup = await opened;
  const closed = popup.waitForEvent('close');
  await expect(popup.getByLabel('User name')).toBeFocused();
  await popup.keyboard.type('anna');
  await popup.keyboard.press('Tab');
  await popup.keyboard.type('anna');
  await popup.keyboard.press('Enter');
  await closed;
  await expectState(tag, 'authenticated');
  await expectMap(tag);

  await page.locator('.skip').focus();
  await tabTo(page, 'application: World');
  expect(await outlineOf(page)).toBe('solid');
  const before = await viewOf(tag);
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await viewOf(tag)).center[0]).toBeGreaterThan(before.center[0] ?? 0);
  await page.keyboard.press('+');
  // To the end: the button goes on from where the map is on its way.
  await expect.poll(async () => (await viewOf(tag)).zoom).toBe(before.zoom + 1);

  await tabTo(page, 'button: Zoom out');
  expect(await outlineOf(page)).toBe('solid');
  await page.keyboard.press('Space');
  await expect.poll(async () => (await viewOf(tag)).zoom).toBe(before.zoom);

  await tabTo(page, 'summary: Layers');
  await page.keyboard.press('Enter');
  await expect(tag.getByRole('checkbox', {name: 'Cities'})).toBeVisible();
  await tabTo(page, 'input: Boundaries');
  await page.keyboard.press('Space');
  await expect(tag.getByRole('checkbox', {name: 'Boundaries'})).not.toBeChecked();

  await tabTo(page, 'button: Sign out');
  await page.keyboard.press('Enter');
  await expectState(tag, 'signed-out');
  // Not lost: the button that had the focus is the one to sign in again.
  expect(await focused(page)).toBe('button: Sign in');
});

test('the focus leaves the map as it came', async ({page, site}) => {
  await page.goto(
    await site.page(`<button>Before</button><secure-map token-url="/site/token" config="{{map}}/config/world.json">
      </secure-map><button>After</button>`),
  );
  const tag = tagOf(page);
  await expectMap(tag);
  await page.getByRole('button', {name: 'Before'}).focus();
  await tabTo(page, 'button: After');
  const back: string[] = [];
  for (let presses = 0; presses < 12 && back.at(-1) !== 'button: Before'; presses += 1) {
    await page.keyboard.press('Shift+Tab');
    back.push(await focused(page));
  }
  expect(back.at(-1)).toBe('button: Before');
  expect(back).toContain('application: World');
});

test('roles and names', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  await expect(tag.getByRole('application', {name: 'World'})).toBeVisible();
  await expect(tag.getByRole('button', {name: 'Zoom in'})).toBeVisible();
  await expect(tag.getByRole('button', {name: 'Zoom out'})).toBeVisible();
  await expect(tag.getByRole('button', {name: 'Sign out'})).toBeVisible();
  await expect(tag.getByRole('img', {name: /^Scale: \d+ km$/})).toBeVisible();
  await expect(tag.getByRole('note', {name: 'Sources'})).toHaveText('Natural Earth');
  await expect(tag.getByTitle('Signed in as Anna Berg')).toBeVisible();
  await expect(messageOf(tag)).toHaveAttribute('aria-live', 'polite');
  await tag.locator('[part=layers] summary').click();
  for (const name of ['World', 'Boundaries', 'Countries', 'Cities']) {
    await expect(tag.getByRole('checkbox', {name})).toBeVisible();
  }

  // Nothing that can be pressed is without a name, and no picture speaks that only decorates.
  const nameless = await tag.evaluate((element) =>
    [...(element.shadowRoot?.querySelectorAll('button, a, input, summary') ?? [])]
      .filter((control) => {
        const label = control instanceof HTMLInputElement ? control.labels?.[0]?.textContent : control.textContent;
        return !(control.getAttribute('aria-label') ?? label ?? '').trim();
      })
      .map(({outerHTML}) => outerHTML),
  );
  expect(nameless).toEqual([]);
  const loud = tag.locator('svg:not([aria-hidden=true])');
  await expect(loud).toHaveCount(0);
});

/** What comes into the live region, in the order in which it comes. */
const listen = (tag: Locator): Promise<void> =>
  tag.evaluate((element) => {
    const region = element.shadowRoot?.querySelector('[role=status]');
    const spoken: string[] = [];
    Object.assign(window, {spoken, region});
    new MutationObserver(() => {
      const text = region?.querySelector('strong')?.textContent ?? '';
      if (spoken.at(-1) !== text) spoken.push(text);
    }).observe(region ?? element, {childList: true, subtree: true, characterData: true});
  });

const spokenBy = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const spoken: unknown = Reflect.get(window, 'spoken');
    return Array.isArray(spoken) ? spoken.map(String) : [];
  });

test('what happens is told in the live region, each thing once', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await expect(messageOf(tag)).toContainText('Sign in to see this map');
  await listen(tag);
  await signInByPopup(page, tag, 'anna');
  await expectMap(tag);
  demo.signIn.revokeAll();
  await tag.evaluate((element: HTMLElementTagNameMap['secure-map']) => element.refresh().catch(() => undefined));
  await expect(messageOf(tag)).toContainText('Your session has ended');
  const popup = page.waitForEvent('popup');
  await messageOf(tag).getByRole('button', {name: 'Sign in'}).click();
  await fillLogin(await popup, 'anna');
  await expectState(tag, 'authenticated');
  await accountOf(tag).getByRole('button', {name: 'Sign out'}).click();
  await expect(messageOf(tag)).toContainText('You are signed out');
  expect(await spokenBy(page)).toEqual([
    'Signing in…',
    '',
    'Your session has ended',
    'Signing in…',
    '',
    'You are signed out',
  ]);
  // The region itself is never replaced: what comes into a new one, a screen reader may not hear.
  const same = await tag.evaluate(
    (element) => Reflect.get(window, 'region') === element.shadowRoot?.querySelector('[role=status]'),
  );
  expect(same).toBe(true);
});

test('in the language of the page', async ({page, site}) => {
  await page.goto(
    await site.page(`<div lang="nl-BE"><secure-map config="{{map}}/config/world.json" authority="{{issuer}}"
      client-id="map-viewer"></secure-map></div>`),
  );
  const tag = tagOf(page);
  await expect(accountOf(tag).getByRole('button')).toHaveText('Inloggen');
  await expect(tag.getByRole('button', {name: 'Inzoomen'})).toBeVisible();
  // The tag says nothing of its own, which would be "in no language" to a screen reader.
  await expect(tag).not.toHaveAttribute('lang');
  await tag.evaluate((element) => element.setAttribute('lang', 'en'));
  await expect(accountOf(tag).getByRole('button')).toHaveText('Sign in');
});

test.describe('at 200 % and on a small screen', () => {
  // A window of 1280 × 720 at 200 % has as many CSS pixels.
  test.use({viewport: {width: 640, height: 360}});

  test('everything can be reached, and nothing lies under something else', async ({page, site}) => {
    await page.goto(
      await site.page(`<secure-map config="{{map}}/config/world.json" authority="{{issuer}}" client-id="map-viewer"
        scope="openid profile"></secure-map>`),
    );
    const tag = tagOf(page);
    await tag.evaluate((element) => element.scrollIntoView());
    const covered = (): Promise<string[]> =>
      tag.evaluate((element) => {
        const root = element.shadowRoot;
        const controls = [...(root?.querySelectorAll('button, summary, input') ?? [])];
        return controls.flatMap((control) => {
          if (!control.checkVisibility()) return [];
          control.scrollIntoView({block: 'center'});
          const {left, top, width, height} = control.getBoundingClientRect();
          const found = root?.elementFromPoint(left + width / 2, top + height / 2);
          const isReached = found === control || control.contains(found ?? null) || found?.contains(control);
          const isTarget = control instanceof HTMLInputElement || (width >= 24 && height >= 24);
          const name = `${control.textContent?.trim() ?? ''}${control.getAttribute('aria-label') ?? ''}`;
          return isReached && isTarget
            ? []
            : [`${name} is under ${found?.className ?? 'nothing'}, ${width} × ${height}`];
        });
      });
    const sideways = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

    await expect(messageOf(tag)).toContainText('Sign in to see this map');
    expect(await covered()).toEqual([]);
    expect(await sideways()).toBe(0);
    await signInByPopup(page, tag);
    await expectMap(tag);
    expect(await covered()).toEqual([]);
    await tag.locator('[part=layers] summary').click();
    await tag.getByRole('checkbox', {name: 'World'}).uncheck();
    await tag.getByRole('checkbox', {name: 'Cities'}).uncheck();
    await tag.getByRole('checkbox', {name: 'World'}).check();
    await tag.locator('[part=layers] summary').click();
    await tag.getByRole('button', {name: 'Zoom in'}).click();
    await expect.poll(async () => (await viewOf(tag)).zoom).toBe(5);
    expect(await sideways()).toBe(0);
  });
});

test.describe('for visitors who asked for it', () => {
  test('no motion', async ({page, demo}) => {
    await page.emulateMedia({reducedMotion: 'reduce'});
    await page.goto(`${demo.pageUrl}demo/public.html`);
    const tag = tagOf(page);
    await expectMap(tag);
    await tag.getByRole('button', {name: 'Zoom in'}).click();
    // At once, and not by and by.
    expect((await viewOf(tag)).zoom).toBe(5);
    const animation = await tag.locator('.progress').evaluate((bar) => getComputedStyle(bar, '::before').animationName);
    expect(animation).toBe('none');
  });

  for (const scheme of ['light', 'dark'] as const) {
    test(`${scheme}: text can be read`, async ({page, demo}) => {
      await page.emulateMedia({colorScheme: scheme});
      await page.goto(demo.pageUrl);
      const tag = tagOf(page);
      await expect(messageOf(tag)).toContainText('Sign in to see this map');
      // Contrast by WCAG 2.2, 1.4.3, of each text on the card that it stands on.
      const weak = await tag.evaluate((element) => {
        const context = new OffscreenCanvas(1, 1).getContext('2d');
        const luminance = (colour: string): number => {
          if (!context) return 0;
          context.fillStyle = colour;
          context.fillRect(0, 0, 1, 1);
          const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
            const part = value / 255;
            return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const isClear = (colour: string): boolean => colour === 'rgba(0, 0, 0, 0)';
        const texts = [...(element.shadowRoot?.querySelectorAll('strong, p, .button, summary, .scale span') ?? [])];
        return texts.flatMap((text) => {
          let behind: Element | null = text;
          while (behind && isClear(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
          if (!behind) return ['nothing behind'];
          const [light = 0, dark = 0] = [
            luminance(getComputedStyle(text).color),
            luminance(getComputedStyle(behind).backgroundColor),
          ].toSorted((a, b) => b - a);
          const contrast = (light + 0.05) / (dark + 0.05);
          return contrast >= 4.5 ? [] : [`${text.textContent?.trim() ?? ''}: ${contrast.toFixed(2)}`];
        });
      });
      expect(weak).toEqual([]);
    });
  }
});
