import type {SecureMap} from '../../src/secure-map.js';
import {expect, test} from './fixtures.js';
import {eventsOf} from './support/recorder.js';
import {expectIdle, expectMap, tagOf} from './support/tag.js';
import {clientToken} from './support/visitor.js';

const levelOf = (path: string): number => Number(/\/tiles\/(\d+)\//.exec(path)?.[1]);

test('zooming fast across nine levels: what is not wanted any more is aborted on the wire, and never completed', async ({
  page,
  demo,
  site,
}) => {
  const layers = [{type: 'xyz', id: 'world', url: `${demo.mapUrl}/tiles/{z}/{x}/{y}.png`}];
  await page.goto(
    await site.page(
      `<secure-map token="${await clientToken(demo)}" allowed-origins="{{map}}" center="10,50" zoom="2"
        layers='${JSON.stringify(layers)}'></secure-map>`,
    ),
  );
  const tag = tagOf(page);
  await expectMap(tag);
  await expectIdle(tag);
  demo.log.clear();
  // Longer than a level is looked at.
  demo.map.setFault(({kind, preflight}) => (kind === 'xyz' && !preflight ? {delayMs: 250} : undefined));
  await tag.evaluate(async (element: SecureMap) => {
    const view = element.map.getView();
    for (let level = 3; level <= 11; level += 1) {
      view.setZoom(level);
      // By frames, as a visitor sees it: 100 ms are six of them.
      for (let frame = 0; frame < 6; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  await expectIdle(tag);
  const tiles = demo.log.entries.filter(({path, preflight}) => path.includes('/tiles/') && !preflight);
  const completed = tiles.filter(({aborted, status}) => !aborted && status === 200).map(({path}) => levelOf(path));
  const aborted = tiles.filter((entry) => entry.aborted);
  console.log(`fast zoom: ${tiles.length} requests, ${aborted.length} aborted, ${completed.length} completed`);
  expect(new Set(completed)).toEqual(new Set([11]));
  expect(aborted.length).toBeGreaterThan(0);
  expect(await eventsOf(page, 'layer-error')).toEqual([]);
});

test('two layers whose server never answers do not keep a third from loading', async ({page, demo, site}) => {
  demo.map.setFault(({query, preflight}) => (query.has('hangs') && !preflight ? {hang: true} : undefined));
  const tiles = `${demo.mapUrl}/tiles/{z}/{x}/{y}.png`;
  const hanging = [
    {type: 'xyz', id: 'hangs', url: `${tiles}?hangs=1`},
    {type: 'xyz', id: 'hangs as well', url: `${tiles}?hangs=2`},
  ];
  const worldOf = (round: number) => ({type: 'xyz', id: 'world', url: `${tiles}?round=${round}`});
  await page.setViewportSize({width: 1280, height: 1000});
  await page.goto(
    await site.page(
      `<secure-map token="${await clientToken(demo)}" allowed-origins="{{map}}" center="10,50" zoom="4"></secure-map>`,
    ),
  );
  const tag = tagOf(page);
  const timeOf = (layers: readonly object[]): Promise<number> =>
    tag.evaluate(
      (element: SecureMap, wanted) =>
        new Promise<number>((resolve) => {
          const began = performance.now();
          element.addEventListener('layer-load-end', function ended({layerId}) {
            if (layerId !== 'world') return;
            element.removeEventListener('layer-load-end', ended);
            resolve(performance.now() - began);
          });
          element.layers = wanted;
        }),
      layers,
    );
  await timeOf([worldOf(0)]);
  const alone = await timeOf([worldOf(1)]);
  const beside = await timeOf([...hanging, worldOf(2)]);
  const again = await timeOf([worldOf(3)]);
  const hung = demo.log.entries.filter(({path, aborted}) => path.includes('/tiles/') && aborted);
  console.log(
    `beside ${hung.length} requests that hang: ${Math.round(beside)} ms; alone: ${Math.round(alone)} and `
      + `${Math.round(again)} ms`,
  );
  // Those that hang were aborted when their layers were taken away, and not before.
  expect(hung.length).toBeGreaterThan(0);
  expect((await eventsOf(page, 'layer-error')).length).toBe(0);
  await expectIdle(tag);
});

test('a server that has too many requests is left alone for as long as it says, and then asked again', async ({
  page,
  demo,
  site,
}) => {
  let refusedAt = 0;
  let tooSoon = 0;
  demo.map.setFault(({kind, preflight}) => {
    if (kind !== 'xyz' || preflight) return undefined;
    if (refusedAt === 0) {
      refusedAt = Date.now();
      return {
        status: 429,
        headers: {
          'retry-after': '2',
          'access-control-allow-origin': new URL(demo.pageUrl).origin,
          'access-control-expose-headers': 'retry-after',
        },
      };
    }
    // What was on its way already comes in.
    const since = Date.now() - refusedAt;
    if (since > 1000 && since < 1900) tooSoon += 1;
    return undefined;
  });
  const layers = [{type: 'xyz', id: 'world', url: `${demo.mapUrl}/tiles/{z}/{x}/{y}.png`}];
  await page.goto(
    await site.page(
      `<secure-map token="${await clientToken(demo)}" allowed-origins="{{map}}" center="10,50" zoom="4"
        layers='${JSON.stringify(layers)}'></secure-map>`,
    ),
  );
  const tag = tagOf(page);
  await expectMap(tag);
  await expectIdle(tag);
  expect(refusedAt).toBeGreaterThan(0);
  expect(tooSoon).toBe(0);
  expect(await eventsOf(page, 'layer-error')).toEqual([]);
});
