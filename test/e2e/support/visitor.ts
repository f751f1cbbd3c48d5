import type {Locator, Page} from '@playwright/test';
import type {Demo} from '../../../demo/servers/demo.js';
import {expect} from './expect.js';
import {expectState, signInButton} from './tag.js';

/** Fills in the login page of the provider, as a visitor does. */
export const fillLogin = async (page: Page, name: string): Promise<void> => {
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password').fill(name);
  await page.getByRole('button', {name: 'Sign in'}).click();
};

/** Presses a button that opens the sign-in window. */
export const openPopup = async (page: Page, button: Locator): Promise<Page> => {
  const opened = page.waitForEvent('popup');
  await button.click();
  return opened;
};

/** The whole sign-in by popup, until the map knows who it is. */
export const signInByPopup = async (page: Page, tag: Locator, name = 'anna'): Promise<void> => {
  const popup = await openPopup(page, signInButton(tag));
  const closed = popup.waitForEvent('close');
  await fillLogin(popup, name);
  await closed;
  await expectState(tag, 'authenticated');
};

/** The whole sign-in by redirect, until the page is back where it was. */
export const signInByRedirect = async (page: Page, tag: Locator, name = 'anna'): Promise<void> => {
  await signInButton(tag).click();
  await expect(page.getByRole('heading', {name: 'Sign in'})).toBeVisible();
  await fillLogin(page, name);
  await expectState(tag, 'authenticated');
};

/** The first token that a server hands out is refused by the map server, as one that was kept for too long. */
export const expireFirstToken = (demo: Demo, server: 'sign-in' | 'page', path: string): void => {
  const stop = demo.log.subscribe((entry) => {
    if (entry.server !== server || entry.path !== path || entry.status !== 200) return;
    stop();
    demo.map.expireTokens();
  });
};

/** A token that the site's back end would get for itself. */
export const clientToken = async ({issuer, signIn}: Demo): Promise<string> => {
  const credential = Buffer.from(`city-website:${signIn.siteSecret}`).toString('base64');
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: {authorization: `Basic ${credential}`},
    body: new URLSearchParams({grant_type: 'client_credentials'}),
  });
  const {access_token}: {access_token: string} = await response.json();
  return access_token;
};
