import type {Locator, Page} from '@playwright/test';
import {expect} from '../../e2e/support/expect.js';
import {messageOf, signInButton, stateOf} from '../../e2e/support/tag.js';
import type {HostileProvider} from '../hostile-provider.js';
import type {Tag} from './map-page.js';
import {html} from './recording-server.js';

export const COOP = {'cross-origin-opener-policy': 'same-origin'};

/** The page of the provider: the visitor has to press a link, as they would have to type a password. */
export const signInPage = (provider: HostileProvider, headers: Readonly<Record<string, string>> = {}): void =>
  provider.behave({
    replies: {
      '/auth': ({query}) =>
        html(`<h1>Sign in</h1><a href="${provider.answerTo(query).replaceAll('&', '&amp;')}">Continue</a>`, headers),
    },
  });

export interface Ended {
  readonly outcome: string;
  /** By the clock of the page. */
  readonly milliseconds: number;
}

export const begin = (tag: Locator): Promise<Ended> =>
  tag.evaluate(async (element: Tag) => {
    const began = Date.now();
    const outcome = await element.login().then(
      () => 'signed in',
      (error: unknown) => String(Reflect.get(Object(error), 'code')),
    );
    return {outcome, milliseconds: Date.now() - began};
  });

/** The window that a sign-in opens, with the provider's page in it. */
export const popupOf = async (
  page: Page,
  start: () => Promise<Ended>,
): Promise<{popup: Page; ended: Promise<Ended>}> => {
  const opened = page.context().waitForEvent('page');
  const ended = start();
  const popup = await opened;
  await expect(popup.getByRole('heading', {name: 'Sign in'})).toBeVisible();
  return {popup, ended};
};

export const press = (popup: Page): Promise<void> => popup.getByRole('link', {name: 'Continue'}).click();

export const cancelButton = (tag: Locator): Locator => messageOf(tag).getByRole('button', {name: 'Cancel'});

export const print = (row: string, {outcome, milliseconds}: Ended, note = ''): void =>
  console.log(`#19 ${row.padEnd(24)} ${outcome.padEnd(16)} ${(milliseconds / 1000).toFixed(2).padStart(7)} s  ${note}`);

export const moved = '(the long timers of the page were let run early)';

/** Lets time pass for the timers of `holdLongTimers`. */
export const passTime = (tag: Locator, milliseconds: number): Promise<void> =>
  tag.evaluate((_element, time) => {
    const pass: unknown = Reflect.get(window, 'passTime');
    if (typeof pass === 'function') pass(time);
  }, milliseconds);

/** Nothing of the sign-in is left, and there is a way to try again. */
export const expectSettled = async (page: Page, tag: Locator, state = 'anonymous'): Promise<void> => {
  expect(await stateOf(tag)).toBe(state);
  await expect(cancelButton(tag)).toHaveCount(0);
  if (state === 'anonymous') await expect(signInButton(tag)).toBeVisible();
  expect(page.context().pages()).toHaveLength(1);
};

export const inFrame = async (
  page: Page,
  address: string,
  attacker: {readonly origin: string; answer(reply: () => ReturnType<typeof html>): void},
): Promise<Locator> => {
  attacker.answer(() => html(`<iframe src="${address}" width="600" height="520"></iframe>`));
  await page.goto(attacker.origin);
  const tag = page.frameLocator('iframe').locator('secure-map');
  await tag.evaluate(async (element: Tag) => void (await element.ready));
  return tag;
};
