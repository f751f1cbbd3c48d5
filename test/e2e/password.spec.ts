import type {Page} from '@playwright/test';
import {expect, test} from './fixtures.js';
import {codeOf, eventsOf} from './support/recorder.js';
import {expectMap, expectState, messageOf, signInButton, stateOf, tagOf} from './support/tag.js';

const MAP = (kind: string): string =>
  `<secure-map config="{{map}}/config/world.json" login-url="/site/login" login-kind="${kind}"></secure-map>`;
const SCRIPT = '<script type="module" src="/password.js"></script>';

const dialogOf = (page: Page) => page.getByRole('dialog', {name: 'Sign in'});

const fill = async (page: Page, name: string, password = name): Promise<void> => {
  await dialogOf(page).getByLabel('User name').fill(name);
  await dialogOf(page).getByLabel('Password').fill(password);
  await dialogOf(page).getByRole('button', {name: 'Sign in'}).click();
};

for (const kind of ['json', 'basic']) {
  test(`login-kind="${kind}": a form of our own, under the strict policy`, async ({page, site}) => {
    const warnings: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text());
    });
    await page.goto(await site.page(MAP(kind) + SCRIPT));
    const tag = tagOf(page);
    await expect(messageOf(tag)).toContainText('Sign in to see this map');
    await signInButton(tag).click();
    await fill(page, 'anna', 'wrong');
    await expect(dialogOf(page).getByRole('alert')).toHaveText('The user name and password do not match.');
    await fill(page, 'anna');
    await expectState(tag, 'authenticated');
    await expectMap(tag);
    await expect(dialogOf(page)).toHaveCount(0);
    expect(warnings.filter((text) => text.includes('login-kind'))).toHaveLength(1);
    expect(site.demo.log.entries.filter(({path}) => path === '/site/login')).toHaveLength(2);
  });
}

test('a form of the page itself', async ({page, site}) => {
  await page.goto(await site.page(MAP('json') + SCRIPT));
  const tag = tagOf(page);
  await expectState(tag, 'anonymous');
  const codes = await tag.evaluate(async (element: HTMLElementTagNameMap['secure-map']) => {
    const asked = new Promise<HTMLElementEventMap['auth-required']>((resolve) =>
      element.addEventListener('auth-required', (event) => {
        event.preventDefault();
        resolve(event);
      }),
    );
    // Takes the need that is open away, so that the next request asks anew.
    await element.logout();
    element.setAttribute('login-required', '');
    void element.fetch(typeof element.config === 'string' ? element.config : '').catch(() => undefined);
    const {submit} = await asked;
    const outcome = (password: string): Promise<string> =>
      (submit ?? (() => Promise.reject(new Error('no form'))))({username: 'anna', password}).then(
        () => 'signed in',
        (error: unknown) => String(Reflect.get(Object(error), 'reason')),
      );
    return [await outcome('wrong'), await outcome('anna')];
  });
  expect(codes).toEqual(['wrong-password', 'signed in']);
  await expectMap(tag);
});

test('without the module the tag says what is missing', async ({page, site}) => {
  await page.goto(await site.page(MAP('json')));
  const tag = tagOf(page);
  await expect(messageOf(tag)).toContainText('login-kind: needs secure-map/password.js');
  expect(await stateOf(tag)).toBe('anonymous');
  expect((await eventsOf(page, 'secure-map-error')).map(codeOf)).toContain('invalid-attribute');
});
