import {drawnOn, expectIdle, tagOf} from '../e2e/support/tag.js';
import {signInByPopup} from '../e2e/support/visitor.js';
import {available, expect, test} from './fixtures.js';

/** Where the picture is to be written: `npm run test:servers -- --screenshot`. */
const path = process.env['SERVERS_SCREENSHOT'];

test.use({bypassCSP: true, viewport: {width: 1200, height: 720}, deviceScaleFactor: 1});

if (path && available.includes('MapProxy')) {
  test('a picture for the documentation', async ({page, gated}) => {
    const {site, servers} = gated;
    const {gate} = servers;
    const layers = [
      {
        type: 'xyz',
        id: 'world',
        title: 'World (MapProxy)',
        url: `${gate}/mapproxy/tiles/world/GLOBAL_WEBMERCATOR/{z}/{x}/{y}.png?origin=nw`,
        attribution: 'Natural Earth',
      },
      {
        type: 'wms',
        id: 'boundaries',
        title: 'Boundaries and places (MapServer)',
        url: `${gate}/mapserver`,
        layers: 'boundaries,names,cities',
        single: true,
      },
    ];
    await page.goto(
      await site.page(`<secure-map layers='${JSON.stringify(layers)}' center="9,52.2" zoom="5" allowed-origins="${gate}"
        controls="zoom layers scale account"
        authority="${site.demo.issuer}" client-id="map-viewer" scope="openid profile"></secure-map>`),
    );
    await page.addStyleTag({content: 'secure-map { inline-size: 100vw !important; block-size: 100vh !important; }'});
    const tag = tagOf(page);
    await expectIdle(tag);
    await signInByPopup(page, tag);
    await expect.poll(async () => (await drawnOn(tag)).opaque, {timeout: 30_000}).toBe(1);
    await expectIdle(tag);
    await page.bringToFront();
    await tag.locator('[part=layers] summary').click();
    await expect(tag.getByRole('checkbox')).toHaveCount(2);
    await page.screenshot({path});
  });
}
