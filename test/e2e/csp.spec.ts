import type {BrowserContext} from '@playwright/test';
import {expect, test} from './fixtures.js';
import {expectMap, expectNoMap, expectState, messageOf, pan, signOutButton, tagOf, openLayers} from './support/tag.js';
import {fillLogin, openPopup, signInByPopup, signInByRedirect} from './support/visitor.js';

/** What the policies of the site forbade in any of its windows, as the browser itself and as the console tell it. */
const listenForViolations = async (context: BrowserContext): Promise<readonly string[]> => {
  const violations: string[] = [];
  await context.exposeBinding('reportViolation', (_source, text: string) => void violations.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({effectiveDirective, blockedURI, sample, sourceFile}) => {
      const report: unknown = Reflect.get(window, 'reportViolation');
      const text = `${location.pathname}: ${effectiveDirective} ${blockedURI} ${sample} ${sourceFile}`;
      if (typeof report === 'function') report(text);
    });
  });
  context.on('console', (message) => {
    if (/Content[- ]Security[- ]Policy|Trusted ?(?:Type|HTML|Script)/i.test(message.text())) {
      violations.push(`console: ${message.text()}`);
    }
  });
  return violations;
};

test('what a page does against its policy is noticed here', async ({page, context, demo}) => {
  const violations = await listenForViolations(context);
  await page.goto(demo.pageUrl);
  await page.evaluate(() => {
    document.body.setAttribute('style', 'color: red');
    try {
      document.body.innerHTML = 'a';
    } catch {
      // Trusted Types.
    }
    void fetch('https://elsewhere.invalid/').catch(() => undefined);
  });
  const directives = ['style-src-attr', 'require-trusted-types-for', 'connect-src'];
  await expect
    .poll(() => directives.filter((directive) => violations.some((text) => text.includes(directive))))
    .toEqual(directives);
  expect(violations.some((text) => text.startsWith('console: '))).toBe(true);
});

test('popup: sign-in, map, layers, sign-out', async ({page, context, demo}) => {
  const violations = await listenForViolations(context);
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  const popup = await openPopup(page, messageOf(tag).getByRole('button', {name: 'Sign in'}));
  await expect(messageOf(tag).getByRole('button', {name: 'Cancel'})).toBeVisible();
  await fillLogin(popup, 'anna');
  await expectState(tag, 'authenticated');
  await expectMap(tag);
  await openLayers(tag);
  await tag.getByLabel('Countries').check();
  await tag.getByRole('button', {name: 'Zoom in'}).click();
  await tag.getByRole('button', {name: 'Zoom out'}).click();
  await pan(tag, 0.5);
  await expectMap(tag);
  await signOutButton(tag).click();
  await expectNoMap(tag);
  await expect(messageOf(tag)).toContainText('You are signed out');
  expect(violations).toEqual([]);
});

test('popup: trouble and its messages', async ({page, context, demo}) => {
  const violations = await listenForViolations(context);
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag, 'ben');
  await expect(messageOf(tag)).toContainText('You may not see: Boundaries');
  await messageOf(tag).getByRole('button', {name: 'Dismiss'}).click();
  demo.signIn.revokeAll();
  await tag.evaluate((element: HTMLElementTagNameMap['secure-map']) => element.refresh().catch(() => undefined));
  await expect(messageOf(tag)).toContainText('Your session has ended');
  expect(violations).toEqual([]);
});

for (const path of ['demo/redirect.html', 'demo/redirect-here.html']) {
  test(`${path}: sign-in, map, layers, sign-out`, async ({page, context, demo}) => {
    const violations = await listenForViolations(context);
    await page.goto(demo.pageUrl + path);
    const tag = tagOf(page);
    await signInByRedirect(page, tag);
    await expectMap(tag);
    await openLayers(tag);
    await tag.getByLabel('Countries').check();
    await pan(tag, 0.5);
    await expectMap(tag);
    await signOutButton(tag).click();
    await expectNoMap(tag);
    expect(violations).toEqual([]);
  });
}

for (const path of ['demo/given-token.html', 'demo/get-token.html', 'demo/token-url.html', 'demo/public.html']) {
  test(`${path}: map, layers, expiry`, async ({page, context, demo}) => {
    const violations = await listenForViolations(context);
    await page.goto(demo.pageUrl + path);
    const tag = tagOf(page);
    await expectMap(tag);
    await openLayers(tag);
    await tag.getByRole('checkbox', {name: 'World'}).uncheck();
    await tag.getByRole('checkbox', {name: 'World'}).check();
    demo.map.expireTokens();
    await pan(tag, 1);
    await expectMap(tag);
    expect(violations).toEqual([]);
  });
}
