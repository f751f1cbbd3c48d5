import {expect, test} from './fixtures.js';
import {codeOf, eventsOf, wordsOf} from './support/recorder.js';
import {expectIdle, expectMap, messageOf, tagOf} from './support/tag.js';

/** A layer that does not depend on what is wrong with the rest of the page. */
const own = `layers='[{"type": "xyz", "id": "own", "url": "{{map}}/tiles/{z}/{x}/{y}.png"}]'`;
const good = `token-url="/site/token" config="{{map}}/config/world.json"`;

test.describe('attributes', () => {
  const cases: readonly {
    readonly name: string;
    readonly attributes: string;
    readonly code?: string;
    readonly words: string;
  }[] = [
    {
      name: 'two sources at once',
      attributes: `${good} authority="{{issuer}}" client-id="map-viewer"`,
      code: 'conflicting-sources',
      words: 'token-url and authority',
    },
    {
      name: 'a token and a token URL',
      attributes: `${good} token="abc"`,
      code: 'conflicting-sources',
      words: 'token',
    },
    {
      name: 'a client without a provider',
      attributes: `client-id="map-viewer" ${own}`,
      words: 'client-id: needs authority',
    },
    {
      name: 'an origin that is not https',
      attributes: `${good} allowed-origins="http://maps.example"`,
      words: 'allowed-origins: "http://maps.example/" is not https',
    },
    {
      name: 'an origin with a wildcard',
      attributes: `${good} allowed-origins="https://*.maps.example"`,
      words: 'allowed-origins: "https://*.maps.example" has a wildcard',
    },
    {
      name: 'a provider that is not https',
      attributes: `authority="http://login.example" client-id="map-viewer" ${own}`,
      words: 'authority: must be the https URL',
    },
    {
      name: 'a return page of another origin',
      attributes: `authority="{{issuer}}" client-id="map-viewer" redirect-uri="https://elsewhere.example/callback.html" ${own}`,
      words: 'redirect-uri',
    },
    {
      name: 'a token URL that is not https',
      attributes: `token-url="http://site.example/token" ${own}`,
      words: 'token-url: must be an https URL',
    },
    {
      name: 'a token with a line break',
      attributes: `token="abc&#10;X-Evil: 1" ${own}`,
      words: 'line break',
    },
    {name: 'an empty token', attributes: `token="" ${own}`, words: 'the token is empty'},
  ];
  for (const {name, attributes, code = 'invalid-attribute', words} of cases) {
    test(`${name}: no credential goes anywhere`, async ({page, site}) => {
      await page.goto(await site.page(`<secure-map center="10,50" zoom="4" ${attributes}></secure-map>`));
      const tag = tagOf(page);
      await expect(messageOf(tag)).toContainText('This map is not set up correctly');
      await expect(messageOf(tag)).toContainText(words);
      await expectIdle(tag);
      const errors = await eventsOf(page, 'secure-map-error');
      expect(errors.map(codeOf)).toContain(code);
      expect(errors.map(wordsOf).join()).toContain(words);
      expect(site.demo.log.entries.filter(({credential}) => credential !== 'none')).toEqual([]);
      expect(site.demo.signIn.counts.authorize).toBe(0);
      // The rest of the tag is there and works.
      await tag.getByRole('button', {name: 'Zoom in'}).click();
      await expect
        .poll(() => tag.evaluate(({map}: HTMLElementTagNameMap['secure-map']) => map.getView().getZoom()))
        .toBe(5);
    });
  }

  const views: readonly {readonly attribute: string; readonly value: string; readonly words: string}[] = [
    {attribute: 'center', value: 'NaN,52', words: 'center: wrong value'},
    {attribute: 'center', value: '5', words: 'center: wrong value'},
    {attribute: 'center', value: '5,95', words: 'the latitude is from -90 to 90'},
    {attribute: 'zoom', value: 'NaN', words: 'zoom: wrong value'},
    {attribute: 'rotation', value: 'north', words: 'rotation: wrong value'},
    {attribute: 'extent', value: '5,52,4,53', words: 'extent: wrong value'},
    {attribute: 'projection', value: 'EPSG:0', words: 'the projection "EPSG:0" is not known'},
    {attribute: 'controls', value: 'zoom everything', words: 'controls: wrong value'},
    {attribute: 'theme', value: 'pink', words: 'theme: wrong value'},
    {attribute: 'login', value: 'window', words: 'login: wrong value'},
    {attribute: 'layers', value: '[{', words: 'layers: wrong value. Allowed: JSON'},
    {attribute: 'layers', value: '{}', words: 'layers: must be an array'},
  ];
  for (const {attribute, value, words} of views) {
    test(`${attribute}="${value}" is named, and the map is there all the same`, async ({page, site}) => {
      await page.goto(await site.page(`<secure-map ${good} ${attribute}='${value}'></secure-map>`));
      const tag = tagOf(page);
      await expect(messageOf(tag)).toContainText('This map is not set up correctly');
      await expect(messageOf(tag)).toContainText(words);
      await expectMap(tag);
      const errors = await eventsOf(page, 'secure-map-error');
      expect(errors.map(wordsOf).join()).toContain(words);
      expect(errors.length).toBe(1);

      // Mended, the message goes.
      await tag.evaluate((element, name) => element.removeAttribute(name), attribute);
      await expect(messageOf(tag)).toHaveText('');
      await expectMap(tag);
    });
  }

  test('refresh-skew and token-transport are checked before a token is asked for', async ({page, site}) => {
    await page.goto(
      await site.page(`<secure-map ${good} refresh-skew="soon"></secure-map>
        <secure-map ${good} token-transport="pigeon"></secure-map><secure-map ${good} token-name="X Y"></secure-map>`),
    );
    const maps = page.locator('secure-map');
    await expect(messageOf(maps.nth(0))).toContainText('refresh-skew: wrong value');
    await expect(messageOf(maps.nth(1))).toContainText('token-transport: wrong value');
    await expect(messageOf(maps.nth(2))).toContainText('token-name');
    expect(site.demo.log.entries.filter(({path}) => path === '/site/token')).toEqual([]);
    // Without a source nothing is put on the request for the config, and the server says so.
    const codes = (await eventsOf(page, 'secure-map-error')).map(codeOf);
    expect(codes.filter((code) => code === 'invalid-attribute')).toHaveLength(3);
    expect(site.demo.log.entries.filter(({credential}) => credential !== 'none')).toEqual([]);
  });
});
