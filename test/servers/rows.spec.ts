import {land, sea} from '../../scripts/servers/colours.js';
import {codeOf, eventsOf} from '../e2e/support/recorder.js';
import {drawnOn, expectIdle, pan, stateOf, tagOf} from '../e2e/support/tag.js';
import {signInByPopup} from '../e2e/support/visitor.js';
import {available, expect, test} from './fixtures.js';
import {atSea, coloursAt, isLike, onLand} from './places.js';
import {fill, nameOf, rows} from './rows.js';

// The pages of the demo may ask the demo's own map server only, and these maps are on another. What the tag needs of a
// policy is tested elsewhere.
test.use({bypassCSP: true});

const opaque = (colours: readonly (readonly number[])[]): number[][] => colours.map((colour) => [...colour, 255]);
const nothing = [0, 0, 0, 0];

for (const row of rows.filter(({server}) => available.includes(server))) {
  const markup = (layers: readonly object[], issuer: string, gate: string): string =>
    `<secure-map layers='${JSON.stringify(layers)}' center="10,50" zoom="4" allowed-origins="${gate}"
       ${row.projection ? `projection="${row.projection}"` : ''}
       authority="${issuer}" client-id="map-viewer" scope="openid profile"></secure-map>`;

  test.describe(nameOf(row), () => {
    test('drawn with the credential, and refreshed once', async ({page, gated}, testInfo) => {
      const {site, check, servers} = gated;
      const {demo} = site;
      const layer = {...row.layer(servers.gate), id: 'tested', title: 'Tested'};
      await page.goto(await site.page(markup([layer], demo.issuer, servers.gate)));
      const tag = tagOf(page);
      await expectIdle(tag);
      await signInByPopup(page, tag);

      const [ground, water] = row.draws === 'image' ? [opaque(land), opaque([sea])] : [opaque([fill]), [nothing]];
      const wrong = async (places: typeof onLand, right: readonly number[][]): Promise<number[][]> => {
        const colours = await coloursAt(tag, places);
        return colours.filter((colour) => !right.some((one) => isLike(colour, one)));
      };
      const expectDrawn = async (): Promise<void> => {
        const patience = {timeout: 30_000};
        await expect.poll(() => wrong(onLand, ground), {message: 'land is where land is', ...patience}).toEqual([]);
        await expect.poll(() => wrong(atSea, water), {message: 'sea is where sea is'}).toEqual([]);
        if (row.draws === 'image') {
          await expect.poll(async () => (await drawnOn(tag)).opaque, {message: 'every tile is drawn'}).toBe(1);
        }
        await expectIdle(tag);
      };
      await expectDrawn();

      // Everything that was asked for is in the log as soon as everything that was judged is.
      const logged = async () => {
        const {granted, refused, none, forbidden} = check.counts;
        const judged = granted + refused + none + forbidden;
        await expect.poll(async () => (await servers.log.requests()).length).toBeGreaterThanOrEqual(judged);
        return servers.log.requests();
      };
      const before = await logged();
      expect(before.length).toBeGreaterThan(0);
      expect(before.filter(({credential}) => credential !== 'Bearer')).toEqual([]);
      expect(before.filter(({status}) => status !== 200)).toEqual([]);
      expect(check.counts).toMatchObject({refused: 0, none: 0, forbidden: 0});
      expect((await servers.log.preflights()).every(({status}) => status === 204)).toBe(true);
      expect(demo.signIn.counts.refreshes).toBe(0);

      check.expireTokens();
      const asked = before.length;
      if (row.draws === 'image') {
        await pan(tag, 1);
        await expect.poll(() => check.counts.refused, {message: 'the old token is refused'}).toBeGreaterThan(0);
        await expect.poll(async () => (await drawnOn(tag)).opaque, {message: 'drawn again', timeout: 30_000}).toBe(1);
        await expectIdle(tag);
      } else {
        await tag.evaluate((element: HTMLElementTagNameMap['secure-map'], config) => {
          element.removeLayer('tested');
          void element.addLayer(config);
        }, layer);
        await expect.poll(() => check.counts.refused, {message: 'the old token is refused'}).toBeGreaterThan(0);
        await expectDrawn();
      }
      const after = (await logged()).slice(asked);
      expect(after.filter(({credential}) => credential !== 'Bearer')).toEqual([]);
      expect(after.filter(({status}) => ![200, 401, 499].includes(status))).toEqual([]);
      expect(check.counts.refused).toBeLessThanOrEqual(16);
      expect(demo.signIn.counts).toMatchObject({refreshes: 1, tokenRequests: 2, codeExchanges: 1, errors: 0});
      expect(await eventsOf(page, 'layer-error')).toEqual([]);
      expect((await eventsOf(page, 'secure-map-error')).map(codeOf)).toEqual([]);
      expect(await stateOf(tag)).toBe('authenticated');

      const cells = {requests: before.length, refused: check.counts.refused, refreshes: demo.signIn.counts.refreshes};
      testInfo.annotations.push({type: 'row', description: JSON.stringify({name: nameOf(row), ...cells})});
    });

    test('refusals and exceptions are told by their kind', async ({page, gated}, testInfo) => {
      const {site, check, servers} = gated;
      const {demo} = site;
      const layers = [
        {...row.layer(`${servers.gate}/restricted`), id: 'restricted'},
        {...row.layer(servers.gate, 'nowhere'), id: 'unknown'},
      ];
      await page.goto(await site.page(markup(layers, demo.issuer, servers.gate)));
      const tag = tagOf(page);
      await expectIdle(tag);
      await signInByPopup(page, tag, 'ben');
      /** As `kind status`. The event names no status where it was 200, as with most service exceptions. */
      const told = async (id: string): Promise<string[]> => {
        const errors = (await eventsOf(page, 'layer-error')).filter(({layerId}) => layerId === id);
        return [
          ...new Set(errors.map(({kind, status}) => `${String(kind)} ${typeof status === 'number' ? status : 200}`)),
        ];
      };
      /** A layer that is not even made is told by an error of the tag, without a status. */
      const toldOfUnknown = async (): Promise<string[]> => {
        const codes = (await eventsOf(page, 'secure-map-error')).map(codeOf);
        return [...(await told('unknown')), ...codes.filter((code) => code === 'invalid-layer')];
      };

      await expect.poll(() => told('restricted')).toEqual(['forbidden 403']);
      await expect.poll(async () => (await toldOfUnknown()).map((words) => words.split(' ')[0])).toEqual([row.unknown]);
      expect(demo.signIn.counts.refreshes).toBe(0);

      const before = {forbidden: await told('restricted'), unknown: await toldOfUnknown()};
      check.refuseAll(true);
      await tag.evaluate((element: HTMLElementTagNameMap['secure-map'], config) => void element.addLayer(config), {
        ...row.layer(servers.gate),
        id: 'refused',
      });
      await expect.poll(() => told('refused')).toEqual(['auth 401']);
      await expectIdle(tag);
      expect(demo.signIn.counts.refreshes).toBe(1);
      expect((await servers.log.requests()).filter(({credential}) => credential !== 'Bearer')).toEqual([]);

      const cells = {...before, refused: await told('refused')};
      testInfo.annotations.push({type: 'row', description: JSON.stringify({name: nameOf(row), told: cells})});
    });
  });
}
