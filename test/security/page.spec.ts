import type {BrowserContext} from '@playwright/test';
import {eventsOf} from '../e2e/support/recorder.js';
import {findIn} from '../e2e/support/scan.js';
import {listenForSecrets} from '../e2e/support/secrets.js';
import {
  expectIdle,
  expectMap,
  expectNoMap,
  expectState,
  messageOf,
  openLayers,
  pan,
  signOutButton,
  tagOf,
} from '../e2e/support/tag.js';
import {fillLogin, openPopup, signInByPopup, signInByRedirect} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';
import {fetchBy, openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';

/** What the policies of the site forbade in any window, as the browser and as the console tell it. */
const listenForViolations = async (context: BrowserContext): Promise<readonly string[]> => {
  const violations: string[] = [];
  await context.exposeBinding('reportViolation', (_source, text: string) => void violations.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({effectiveDirective, blockedURI, sample}) => {
      const report: unknown = Reflect.get(window, 'reportViolation');
      if (typeof report === 'function') report(`${location.pathname}: ${effectiveDirective} ${blockedURI} ${sample}`);
    });
  });
  context.on('console', (message) => {
    if (/Content[- ]Security[- ]Policy|Trusted ?(?:Type|HTML|Script)/i.test(message.text())) {
      violations.push(`console: ${message.text()}`);
    }
  });
  return violations;
};

/** Which Trusted Types policies are made, in any window. */
const listenForPolicies = async (context: BrowserContext): Promise<readonly string[]> => {
  const names: string[] = [];
  await context.exposeBinding('reportPolicy', (_source, name: string) => void names.push(name));
  await context.addInitScript(() => {
    const factory: unknown = Reflect.get(window, 'trustedTypes');
    const create: unknown = Reflect.get(Object(factory), 'createPolicy');
    if (typeof create !== 'function') return;
    Object.assign(Object(factory), {
      createPolicy(name: string, rules: unknown) {
        const report: unknown = Reflect.get(window, 'reportPolicy');
        if (typeof report === 'function') report(name);
        return Reflect.apply(create, factory, [name, rules]) as unknown;
      },
    });
  });
  return names;
};

test('#42 sign-in, map, layers, trouble, renewal and sign-out break no rule of a policy that allows the site alone', async ({
  page,
  context,
  demo,
}) => {
  const violations = await listenForViolations(context);
  const response = await page.goto(demo.pageUrl);
  const policy = (response?.headers()['content-security-policy'] ?? '').split('; ');
  expect(policy).toEqual(
    expect.arrayContaining([
      `default-src 'none'`,
      `script-src 'self'`,
      `style-src 'self'`,
      `img-src 'self'`,
      `connect-src 'self' ${demo.issuer} ${demo.mapUrl}`,
    ]),
  );
  const tag = tagOf(page);
  const popup = await openPopup(page, messageOf(tag).getByRole('button', {name: 'Sign in'}));
  await fillLogin(popup, 'ben');
  await expectState(tag, 'authenticated');
  await expect(messageOf(tag)).toContainText('You may not see: Boundaries');
  await messageOf(tag).getByRole('button', {name: 'Dismiss'}).click();
  await openLayers(tag);
  await tag.getByLabel('Countries').check();
  await tag.getByRole('button', {name: 'Zoom in'}).click();
  demo.map.expireTokens();
  await pan(tag, 0.5);
  await expectMap(tag);
  demo.map.setOffline(true);
  await pan(tag, 1);
  await expect(messageOf(tag)).toContainText('The map server does not answer');
  demo.map.setOffline(false);
  demo.signIn.revokeAll();
  await outcomeOf(tag, 'refresh');
  await expect(messageOf(tag)).toContainText('Your session has ended');
  await signInByPopup(page, tag);
  await signOutButton(tag).click();
  await expectNoMap(tag);
  expect(violations).toEqual([]);

  // And what does break a rule is noticed here.
  await page.evaluate(() => document.body.setAttribute('style', 'color: red'));
  await expect.poll(() => violations.length).toBeGreaterThan(0);
});

test('#42 so does a sign-in by redirect, by either return page', async ({page, context, demo}) => {
  const violations = await listenForViolations(context);
  for (const path of ['demo/redirect.html', 'demo/redirect-here.html']) {
    await page.goto(demo.pageUrl + path);
    if (path.endsWith('here.html')) await openSignedIn();
    else await signInByRedirect(page, tagOf(page));
    await expectMap(tagOf(page));
  }
  expect(violations).toEqual([]);

  async function openSignedIn(): Promise<void> {
    await tagOf(page).locator('[part=account]').getByRole('button', {name: 'Sign in'}).click();
    await expect
      .poll(() =>
        tagOf(page)
          .evaluate((element: Tag) => element.authState)
          .catch(() => ''),
      )
      .toBe('authenticated');
  }
});

test('#43 with Trusted Types enforced no policy is made but lit-html, and ol brings no control of its own', async ({
  page,
  context,
  demo,
}) => {
  const violations = await listenForViolations(context);
  const policies = await listenForPolicies(context);
  const response = await page.goto(demo.pageUrl);
  const policy = (response?.headers()['content-security-policy'] ?? '').split('; ');
  expect(policy).toEqual(expect.arrayContaining([`require-trusted-types-for 'script'`, 'trusted-types lit-html']));
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await openLayers(tag);
  await expect(tag.locator('[part=attribution]')).toContainText('Natural Earth');
  await expect(tag.locator('[part=scale]')).toBeVisible();
  await pan(tag, 0.5);
  await signOutButton(tag).click();
  await expectNoMap(tag);
  expect([...new Set(policies)]).toEqual(['lit-html']);
  const {controls, fallback} = await tag.evaluate((element: Tag) => {
    const factory: unknown = Reflect.get(window, 'trustedTypes');
    const defaultPolicy: unknown = Reflect.get(Object(factory), 'defaultPolicy');
    return {controls: element.map.getControls().getLength(), fallback: defaultPolicy};
  });
  expect({controls, fallback}).toEqual({controls: 0, fallback: null});
  expect(violations).toEqual([]);
});

const run = `window.pwned=1,fetch('/pwned?'+document.querySelector('secure-map').outerHTML)`;
const corpus: readonly string[] = [
  `<script>${run}</script>`,
  `<img src=x onerror="${run}">`,
  `<img/src=x onerror=${run}//`,
  `<svg onload="${run}">`,
  `<svg><script>${run}</script></svg>`,
  `<svg><animate onbegin="${run}" attributeName=x dur=1s>`,
  `<body onload="${run}">`,
  `<details open ontoggle="${run}">`,
  `<video><source onerror="${run}"></video>`,
  `<input autofocus onfocus="${run}">`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<iframe src="javascript:parent.${run}"></iframe>`,
  `<object data="javascript:${run}"></object>`,
  `<embed src="javascript:${run}">`,
  `<a href="javascript:${run}">a link</a>`,
  `<a href="JaVaScRiPt:${run}">a link</a>`,
  `<a href=" javascript:${run}">a link</a>`,
  `<a href="java\tscript:${run}">a link</a>`,
  `<a href="java&#10;script:${run}">a link</a>`,
  `<a href="&#106;avascript:${run}">a link</a>`,
  `<a href="data:text/html,<script>opener.${run}</script>">a link</a>`,
  `<a href="vbscript:${run}">a link</a>`,
  `<a href="https://good.example" onclick="${run}">a link</a>`,
  `<a href="https://good.example" style="background:url(javascript:${run})">a link</a>`,
  `<math><mtext></mtext><script>${run}</script></math>`,
  `<template><script>${run}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  `"><script>${run}</script>`,
  `'-${run}-'`,
  '${' + run + '}',
  `<!--<img src="--><img src=x onerror=${run}//">`,
  `<form action="javascript:${run}"><button>press</button></form>`,
  `<style>@import 'javascript:${run}';</style>`,
  `<link rel=stylesheet href="data:text/css,*{background:red}">`,
  `<base href="https://evil.test/">`,
  `<meta http-equiv=refresh content="0;url=https://evil.test/">`,
];

test.describe('', () => {
  // The policy of the site would stop most of it. Here the tag has to do without that help.
  test.use({bypassCSP: true});

  test(`#44 ${corpus.length} kinds of markup in attributions, titles, groups, properties and errors: nothing runs`, async ({
    page,
    context,
    demo,
  }) => {
    const strangers: string[] = [];
    context.on('request', (request) => {
      if (/pwned|evil\.test/.test(request.url())) strangers.push(request.url());
    });
    context.on('dialog', (dialog) => {
      strangers.push(dialog.message());
      void dialog.dismiss();
    });
    const config = {
      title: corpus[1],
      view: {center: [10, 50], zoom: 4},
      layers: corpus.flatMap((markup, index) => [
        {
          type: 'xyz',
          id: `tiles ${index} ${markup}`,
          title: markup,
          group: markup,
          visible: index < 2,
          url: `${demo.mapUrl}/tiles/{z}/{x}/{y}.png`,
          attribution: markup,
        },
        {
          type: 'geojson',
          id: `features ${index}`,
          title: markup,
          attribution: markup,
          identify: true,
          data: {
            type: 'FeatureCollection',
            features: [
              {
                type: 'Feature',
                geometry: {type: 'Point', coordinates: [10, 50]},
                properties: {name: markup, description: markup, title: markup},
              },
            ],
          },
        },
        // And what is wrong with a layer is quoted in a message.
        {type: markup, url: markup},
      ]),
    };
    demo.map.setFault(({kind, preflight}) =>
      kind === 'config' && !preflight ? {body: JSON.stringify(config)} : undefined,
    );
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await expectIdle(tag);
    await openLayers(tag);
    await expect(tag.locator('[part=attribution]')).toContainText('a link');
    await page.mouse.click(640, 300);

    const found = await tag.evaluate((element) => {
      const all = [...(element.shadowRoot?.querySelectorAll('*') ?? [])];
      const names = /^(script|iframe|object|embed|base|meta|form|template|animate|math|img|video|noscript)$/i;
      return {
        pwned: Reflect.get(window, 'pwned') as unknown,
        elements: all.map(({tagName}) => tagName).filter((name) => names.test(name)),
        handlers: all.flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))),
        links: all.flatMap((one) => (one instanceof HTMLAnchorElement ? [one.href] : [])),
        styles: all.flatMap((one) => (/javascript|url\(/.test(one.getAttribute('style') ?? '') ? [one.outerHTML] : [])),
      };
    });
    expect(found.pwned).toBeUndefined();
    expect(found.elements).toEqual([]);
    expect(found.handlers).toEqual([]);
    expect(found.styles).toEqual([]);
    expect(found.links.length).toBeGreaterThan(0);
    expect(found.links.filter((href) => !/^https?:\/\//.test(href))).toEqual([]);

    // Pressing every link goes where it says, or nowhere.
    for (const link of await tag.locator('[part=attribution] a').all()) {
      await link.evaluate((one: HTMLAnchorElement) => {
        one.addEventListener('click', (event) => event.preventDefault(), {once: true});
        one.click();
      });
    }
    expect(await page.evaluate(() => Reflect.get(window, 'pwned') as unknown)).toBeUndefined();
    expect(strangers).toEqual([]);
  });

  test('#45 in all that goes wrong no message, event, error or line of the console has a secret in it', async ({
    page,
    context,
    site,
    provider,
    vault,
  }) => {
    const secrets = listenForSecrets(context, site.demo);
    // As with the console open at its most talkative, and a library that was told to talk.
    await page.addInitScript(() => localStorage.setItem('debug', '*'));
    const layers = JSON.stringify([{type: 'xyz', id: 'tiles', url: `${vault.origin}/{z}/{x}/{y}.png?key=canary-key`}]);
    const tag = await openMap(
      page,
      site,
      signedInAt(provider, vault.origin, `center="10,50" zoom="4" layers='${layers}'`),
    );
    const said: string[] = [];
    const tell = async (work: Promise<unknown>): Promise<void> => void said.push(String(await work));
    /** The words of every error, with all that hangs on it. */
    const words = (method: 'login' | 'refresh'): Promise<string> =>
      tag.evaluate(
        (element: Tag, name) =>
          element[name]().then(
            () => 'done',
            (error: unknown) => {
              const parts: unknown[] = [];
              for (let one: unknown = error; one instanceof Error; one = one.cause) {
                parts.push(one.message, one.stack, Object.entries(one));
              }
              return JSON.stringify(parts);
            },
          ),
        method,
      );
    const echo = 'canary-echo';
    const body = JSON.stringify({error: 'invalid_grant', error_description: `your code ${echo}`, access_token: echo});
    for (const status of [200, 400, 401, 500]) {
      provider.behave({
        replies: {'/token': ({form}) => ({status, body: body.replace(echo, form.get('code') ?? echo)})},
      });
      await tell(words('login'));
    }
    provider.behave({answer: {error: 'access_denied', error_description: echo, error_uri: echo, code: undefined}});
    await tell(words('login'));
    provider.behave({answer: {iss: `https://${echo}.test`}});
    await tell(words('login'));
    provider.behave({sign: () => `${echo}.${echo}.${echo}`});
    await tell(words('login'));
    provider.behave({claims: {aud: echo, iss: echo}});
    await tell(words('login'));
    provider.behave({});
    await tell(words('login'));
    vault.answer(({path}) => (path.endsWith('.png') ? {status: 500, body: echo} : {status: 401, body: echo}));
    await tell(fetchBy(tag, `${vault.origin}/a?access_token=canary-own`));
    await tell(fetchBy(tag, `${vault.origin}/b`));
    await pan(tag, 1);
    await expect.poll(async () => (await eventsOf(page, 'layer-error')).length).toBeGreaterThan(0);
    provider.behave({replies: {'/token': () => ({status: 400, body})}});
    await tell(words('refresh'));
    await secrets.settled();

    const verifiers = provider.to('/token').flatMap(({form}) => form.getAll('code_verifier'));
    expect(verifiers.length).toBeGreaterThan(5);
    expect(said.join()).toContain('invalid_grant');
    const everything = {
      errors: said.join('\n'),
      events: JSON.stringify(await eventsOf(page)),
      // What the browser itself says of a request that failed is not ours to change.
      console: secrets.console.filter((line) => !line.startsWith('error: Failed to load resource')).join('\n'),
      messages: (await messageOf(tag).textContent()) ?? '',
    };
    expect(everything.events).toContain('layer-error');
    expect(findIn(everything, {canary: ['canary'], verifier: verifiers})).toEqual([]);
  });
});

test('#46 nothing listens for the page being unloaded', async ({page, context, demo}) => {
  const listened: string[] = [];
  await context.exposeBinding('reportListener', (_source, type: string) => void listened.push(type));
  await context.addInitScript(() => {
    const {addEventListener} = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (...rest) {
      const report: unknown = Reflect.get(window, 'reportListener');
      if (/unload/.test(rest[0]) && typeof report === 'function') report(rest[0]);
      addEventListener.apply(this, rest);
    };
  });
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await signOutButton(tag).click();
  await expectNoMap(tag);
  expect(listened).toEqual([]);
  expect(await page.evaluate(() => [window.onunload, window.onbeforeunload])).toEqual([null, null]);
});
