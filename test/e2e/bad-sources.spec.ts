import {expect, test} from './fixtures.js';
import {codeOf, eventsOf} from './support/recorder.js';
import {expectMap, expectState, messageOf, signInButton, stateOf, tagOf} from './support/tag.js';
import {clientToken, openPopup} from './support/visitor.js';

test.describe('the token URL', () => {
  const cases: readonly {
    readonly name: string;
    readonly fault: {readonly status?: number; readonly body: string; readonly type?: string};
    readonly code: string;
    readonly words: string;
  }[] = [
    {
      name: 'answers 500',
      fault: {status: 500, body: 'Oops.'},
      code: 'source-unreachable',
      words: 'answered with status 500',
    },
    {
      name: 'answers with a web page',
      fault: {body: '<!doctype html>', type: 'text/html'},
      code: 'source-invalid',
      words: 'not JSON',
    },
    {name: 'answers with nothing', fault: {body: ''}, code: 'source-invalid', words: 'not JSON'},
    {name: 'answers with a list', fault: {body: '[]'}, code: 'source-invalid', words: 'not a JSON object'},
    {
      name: 'answers without a token',
      fault: {body: '{"expires_in": 60}'},
      code: 'source-invalid',
      words: 'there is no token in the answer',
    },
    {
      name: 'answers with a line break in the token',
      fault: {body: '{"access_token": "abc\\nX-Evil: 1"}'},
      code: 'source-invalid',
      words: 'line break',
    },
    {
      name: 'answers with a type of token that it may not use',
      fault: {body: '{"access_token": "abc", "token_type": "mac"}'},
      code: 'source-invalid',
      words: 'token type',
    },
  ];
  for (const {name, fault, code, words} of cases) {
    test(`${name}: plain words, and it heals`, async ({page, site}) => {
      const {demo} = site;
      const cors = {
        'access-control-allow-origin': new URL(demo.pageUrl).origin,
        'access-control-allow-credentials': 'true',
        'content-type': fault.type ?? 'application/json',
      };
      demo.signIn.setFault(({path}) => (path === '/site' ? {headers: cors, ...fault} : undefined));
      await page.goto(
        await site.page(`<secure-map token-url="{{issuer}}/site" config="{{map}}/config/world.json"
          layers='[{"type": "xyz", "url": "{{map}}/public/tiles/{z}/{x}/{y}.png", "credential": "none"}]'></secure-map>`),
      );
      const tag = tagOf(page);
      await expect(messageOf(tag)).toContainText('The map cannot sign you in at the moment');
      await expect(messageOf(tag)).toContainText(words);
      expect((await eventsOf(page, 'secure-map-error')).map(codeOf)).toContain(code);
      // Between one try and the next.
      await expectState(tag, 'error');
      expect(demo.map.counts.unauthorized).toBe(0);

      const body = JSON.stringify({access_token: await clientToken(demo)});
      demo.signIn.setFault(({path}) => (path === '/site' ? {headers: cors, body} : undefined));
      await expectState(tag, 'authenticated');
      await expect(tag.locator('#map')).toHaveAttribute('aria-label', 'World');
      await expect(messageOf(tag)).toHaveText('');
    });
  }

  test('never answers: given up after half a minute', async ({page, site}) => {
    const {demo} = site;
    demo.signIn.setFault(({path}) => (path === '/site' ? {hang: true} : undefined));
    await page.clock.install();
    await page.goto(
      await site.page(`<secure-map token-url="{{issuer}}/site" config="{{map}}/config/world.json"></secure-map>`),
    );
    const tag = tagOf(page);
    await expectState(tag, 'authenticating');
    await page.clock.fastForward(31_000);
    await expect(messageOf(tag)).toContainText('The map cannot sign you in at the moment');
    expect((await eventsOf(page, 'secure-map-error')).map(codeOf)[0]).toBe('source-timeout');
    // Given up means that the request is off the wire, too.
    await expect.poll(() => demo.signIn.counts.aborted).toBeGreaterThan(0);
  });

  test('answers late: the map waits and is drawn', async ({page, site}) => {
    const {demo} = site;
    const body = JSON.stringify({access_token: await clientToken(demo)});
    const headers = {
      'access-control-allow-origin': new URL(demo.pageUrl).origin,
      'access-control-allow-credentials': 'true',
      'content-type': 'application/json',
    };
    demo.signIn.setFault(({path}) => (path === '/site' ? {delayMs: 2500, headers, body} : undefined));
    await page.goto(
      await site.page(`<secure-map token-url="{{issuer}}/site" config="{{map}}/config/world.json"></secure-map>`),
    );
    const tag = tagOf(page);
    await expectState(tag, 'authenticating');
    expect(demo.map.counts.requests).toBe(0);
    await expectMap(tag);
    expect(await eventsOf(page, 'secure-map-error')).toEqual([]);
  });
});

test.describe('getToken', () => {
  const bad: readonly {readonly name: string; readonly code: string; readonly words: string}[] = [
    {name: 'throws', code: 'source-unreachable', words: 'getToken: the function threw an error'},
    {name: 'rejects', code: 'source-unreachable', words: 'getToken: the function threw an error'},
    {name: 'returns a number', code: 'source-invalid', words: 'the token is of type number, not a string'},
    {name: 'returns nothing', code: 'source-invalid', words: 'there is no token in the answer'},
    {name: 'returns null', code: 'source-invalid', words: 'there is no token in the answer'},
    {name: 'returns a token with a line break', code: 'source-invalid', words: 'line break'},
  ];
  for (const {name, code, words} of bad) {
    test(`${name}: plain words, and it heals`, async ({page, site}) => {
      const token = await clientToken(site.demo);
      await page.goto(await site.page(`<secure-map allowed-origins="{{map}}"></secure-map>`));
      const tag = tagOf(page);
      await tag.evaluate(
        (element: HTMLElementTagNameMap['secure-map'], {how, config, good}) => {
          const answers: Readonly<Record<string, () => unknown>> = {
            throws: () => {
              throw new Error('not today');
            },
            rejects: () => Promise.reject(new Error('not today')),
            'returns a number': () => 42,
            'returns nothing': () => undefined,
            'returns null': () => null,
            'returns a token with a line break': () => `${good}\n`,
          };
          const getToken = (): unknown => (Reflect.get(window, 'isWell') ? good : answers[how]?.());
          Object.assign(element, {getToken, config});
        },
        {how: name, config: `${site.demo.mapUrl}/config/world.json`, good: token},
      );
      await expect(messageOf(tag)).toContainText('The map cannot sign you in at the moment');
      await expect(messageOf(tag)).toContainText(words);
      expect((await eventsOf(page, 'secure-map-error')).map(codeOf)[0]).toBe(code);
      // By itself, when it next asks.
      await page.evaluate(() => Object.assign(window, {isWell: true}));
      await expectMap(tag);
      await expect(messageOf(tag)).toHaveText('');
      expect(site.demo.map.counts.unauthorized).toBe(0);
    });
  }

  test('never settles: given up after half a minute, and asked again', async ({page, site}) => {
    const token = await clientToken(site.demo);
    await page.clock.install();
    await page.goto(await site.page(`<secure-map allowed-origins="{{map}}"></secure-map>`));
    const tag = tagOf(page);
    await tag.evaluate(
      (element: HTMLElementTagNameMap['secure-map'], {config, good}) => {
        let calls = 0;
        const getToken = (): Promise<string> => {
          calls += 1;
          return calls === 1 ? new Promise(() => undefined) : Promise.resolve(good);
        };
        Object.assign(element, {getToken, config});
      },
      {config: `${site.demo.mapUrl}/config/world.json`, good: token},
    );
    await expectState(tag, 'authenticating');
    await page.clock.fastForward(31_000);
    await expect.poll(async () => (await eventsOf(page, 'secure-map-error')).map(codeOf)[0]).toBe('source-timeout');
    await page.clock.fastForward(5_000);
    await expectMap(tag);
    await expect(messageOf(tag)).toHaveText('');
  });
});

test('a popup that is closed while the provider is slow settles as well', async ({page, demo}) => {
  demo.signIn.setFault(({path}) => (path.startsWith('/.well-known/') ? {hang: true} : undefined));
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  const popup = await openPopup(page, signInButton(tag));
  await popup.close();
  await expect(messageOf(tag)).toContainText('The sign-in was closed before it was finished');
  expect(await stateOf(tag)).toBe('anonymous');
});
