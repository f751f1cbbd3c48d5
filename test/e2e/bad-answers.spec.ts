import type {Fault} from '../../demo/servers/fault.js';
import {expect, test} from './fixtures.js';
import {codeOf, eventsOf, wordsOf} from './support/recorder.js';
import {expectIdle, expectMap, messageOf, openLayers, stateOf, tagOf} from './support/tag.js';

/** A layer that does not depend on what is wrong with the rest of the page. */
const own = `layers='[{"type": "xyz", "id": "own", "url": "{{map}}/tiles/{z}/{x}/{y}.png"}]'`;
const good = `token-url="/site/token" config="{{map}}/config/world.json"`;

test.describe('the config', () => {
  const deep = (open: string, close: string): string => open.repeat(50_000) + close.repeat(50_000);
  const cases: readonly {
    readonly name: string;
    readonly fault: Fault & {readonly body: string | Uint8Array};
    readonly code?: string;
    readonly words: string;
  }[] = [
    {
      name: 'is a web page',
      fault: {
        body: '<!doctype html><title>Sign in</title><script>document.title = 1</script>',
        headers: {'content-type': 'text/html'},
      },
      words: 'web page (HTML)',
    },
    {name: 'is not there', fault: {status: 404, body: 'Not found.'}, words: 'answered with status 404'},
    {name: 'is empty', fault: {body: ''}, words: 'The answer is empty'},
    {name: 'is not JSON', fault: {body: '{"layers": ['}, words: 'not valid JSON'},
    {name: 'has 20 MB and a bit', fault: {body: Buffer.alloc(20_000_001, ' ')}, words: 'larger than 20 MB'},
    {
      name: 'is nested without end',
      fault: {body: deep('[', ']')},
      code: 'invalid-config',
      words: 'must be a JSON object',
    },
    {
      name: 'has layers nested without end',
      fault: {body: `{"layers": ${deep('[', ']')}}`},
      code: 'invalid-layer',
      words: 'layers[0]',
    },
    {name: 'is a number', fault: {body: '1'}, code: 'invalid-config', words: 'must be a JSON object'},
    {
      name: 'has no layers',
      fault: {body: '{"title": "World"}'},
      code: 'invalid-config',
      words: 'layers: must be an array',
    },
    {
      name: 'is cut off',
      fault: {body: '{"layers": []}', cut: true},
      words: 'The connection broke while the answer was arriving',
    },
  ];
  for (const {name, fault, code = 'config-unavailable', words} of cases) {
    test(`${name}: the page’s own layer shows, and trying again helps`, async ({page, site}) => {
      const {demo} = site;
      demo.map.setFault(({kind, preflight}) => (kind === 'config' && !preflight ? fault : undefined));
      await page.goto(await site.page(`<secure-map ${good} ${own} center="10,50" zoom="4"></secure-map>`));
      const tag = tagOf(page);
      await expect(messageOf(tag)).toContainText(words);
      await expectMap(tag);
      const errors = await eventsOf(page, 'secure-map-error');
      expect(errors.map(codeOf)).toContain(code);
      expect(await eventsOf(page, 'secure-map-ready')).toHaveLength(1);
      expect(await stateOf(tag)).toBe('authenticated');
      if (code !== 'config-unavailable') return;

      demo.map.setFault(null);
      await messageOf(tag).getByRole('button', {name: 'Try again'}).click();
      await expect(messageOf(tag)).toHaveText('');
      await expect(tag.locator('#map')).toHaveAttribute('aria-label', 'World');
    });
  }

  test('an unknown type of layer is named with its path; the others show', async ({page, site}) => {
    site.demo.map.setFault(({kind, preflight}) =>
      kind === 'config' && !preflight
        ? {
            body: JSON.stringify({
              layers: [
                {type: 'xyz', id: 'world', title: 'World', url: `${site.demo.mapUrl}/tiles/{z}/{x}/{y}.png`},
                {type: 'hologram', url: 'https://maps.example/'},
                {type: 'wms', id: 'nothing'},
                {type: 'geojson', id: 'cities', title: 'Cities', url: '/features/cities.geojson'},
              ],
            }),
          }
        : undefined,
    );
    await page.goto(await site.page(`<secure-map ${good} center="10,50" zoom="4"></secure-map>`));
    const tag = tagOf(page);
    await expect(messageOf(tag)).toContainText('layers[1].type');
    await expect(messageOf(tag)).toContainText('layers[2]');
    await expectMap(tag);
    await expectIdle(tag);
    const errors = await eventsOf(page, 'secure-map-error');
    expect(new Set(errors.map(codeOf))).toEqual(new Set(['invalid-layer']));
    expect(errors.map(wordsOf).join()).toMatch(/layers\[1\]\.type: .*xyz/);
    await openLayers(tag);
    await expect(tag.getByRole('checkbox')).toHaveCount(2);
    expect(site.demo.map.counts.byPath.geojson).toBe(1);
  });

  test('NaN in the center of a config object is named; the layers show', async ({page, site}) => {
    await page.goto(await site.page(`<secure-map token-url="/site/token" allowed-origins="{{map}}"></secure-map>`));
    const tag = tagOf(page);
    await tag.evaluate((element: HTMLElementTagNameMap['secure-map'], url) => {
      const cyclic: Record<string, unknown> = {type: 'xyz', id: 'world', url: `${url}/tiles/{z}/{x}/{y}.png`};
      const odd: Record<string, unknown> = {type: 'geojson', url: 'https://maps.example/a'};
      odd['style'] = odd;
      element.config = {view: {center: [NaN, 50], zoom: 4}, layers: [cyclic, odd]};
    }, site.demo.mapUrl);
    await expect(messageOf(tag)).toContainText('view.center[0]');
    await expectMap(tag);
    expect((await eventsOf(page, 'secure-map-error')).map(codeOf)).toContain('invalid-config');
  });

  test('markup in titles and attributions is text', async ({page, site}) => {
    const evil =
      '<img src=x onerror="document.title=1"><a href="javascript:alert(1)">evil</a> <a href="https://ok.example/">fine</a>';
    site.demo.map.setFault(({kind, preflight}) =>
      kind === 'config' && !preflight
        ? {
            body: JSON.stringify({
              title: evil,
              layers: [
                {
                  type: 'xyz',
                  id: 'w',
                  title: evil,
                  attribution: evil,
                  url: `${site.demo.mapUrl}/tiles/{z}/{x}/{y}.png`,
                },
              ],
            }),
          }
        : undefined,
    );
    await page.goto(await site.page(`<secure-map ${good} center="10,50" zoom="4"></secure-map>`));
    const tag = tagOf(page);
    await expectMap(tag);
    await expect(tag.locator('img')).toHaveCount(0);
    await expect(tag.locator('[part=attribution] a')).toHaveCount(1);
    await expect(tag.locator('[part=attribution] a')).toHaveAttribute('href', 'https://ok.example/');
    await openLayers(tag);
    await expect(tag.locator('[part=layers] label')).toContainText('onerror');
    expect(await page.title()).toBe('A page with a map');
  });
});

test.describe('tiles', () => {
  const half = (picture: Uint8Array): Uint8Array => picture.slice(0, picture.length / 2);
  const ogc = `<?xml version="1.0"?><ServiceExceptionReport version="1.3.0" xmlns="http://www.opengis.net/ogc">
    <ServiceException code="LayerNotDefined">No such layer: boundaries?token=canary</ServiceException></ServiceExceptionReport>`;
  const cases: readonly {
    readonly name: string;
    readonly fault: (url: string) => Promise<Fault>;
    readonly error: {readonly kind: string; readonly status?: number};
    readonly words: string;
  }[] = [
    {
      name: 'a web page',
      fault: async () => ({body: '<!doctype html><p>Sign in</p>', headers: {'content-type': 'text/html'}}),
      error: {kind: 'format'},
      words: 'A map server sent something that cannot be shown',
    },
    {
      name: 'half a PNG',
      fault: async (url) => ({body: half(new Uint8Array(await (await fetch(url)).arrayBuffer()))}),
      error: {kind: 'format'},
      words: 'A map server sent something that cannot be shown',
    },
    {
      name: 'a picture that breaks off',
      fault: async () => ({cut: true}),
      error: {kind: 'network'},
      words: 'The map server does not answer',
    },
    {
      name: 'an exception of the service in a 200',
      fault: async () => ({body: ogc, headers: {'content-type': 'image/png'}}),
      error: {kind: 'ogc'},
      words: 'No such layer: boundaries',
    },
    {
      name: '403',
      fault: async () => ({status: 403, body: 'No.'}),
      error: {kind: 'forbidden', status: 403},
      words: 'No access',
    },
    {
      name: '404',
      fault: async () => ({status: 404, body: 'No.'}),
      error: {kind: 'network', status: 404},
      words: 'answered with status 404',
    },
    {
      name: '500',
      fault: async () => ({status: 500, body: 'Oops.'}),
      error: {kind: 'network', status: 500},
      words: 'The map server does not answer',
    },
    {
      name: '429 for longer than anybody waits',
      fault: async () => ({status: 429, body: 'Busy.', headers: {'retry-after': '3600'}}),
      error: {kind: 'network', status: 429},
      words: 'The map server does not answer',
    },
    {
      name: 'an answer without leave to read it',
      fault: async () => ({cors: false}),
      error: {kind: 'cors'},
      words: 'A map server does not let this page in',
    },
  ];
  for (const {name, fault, error, words} of cases) {
    test(`${name}: the layer says so, the others show, and it heals`, async ({page, site}) => {
      const {demo} = site;
      const wrong = await fault(`${demo.mapUrl}/public/tiles/0/0/0.png`);
      demo.map.setFault(({kind, preflight}) => (kind === 'wms' && !preflight ? wrong : undefined));
      await page.goto(await site.page(`<secure-map ${good}></secure-map>`));
      const tag = tagOf(page);
      await expect(messageOf(tag)).toContainText(words);
      await expect(messageOf(tag)).toContainText('Boundaries');
      await expectMap(tag);
      await expectIdle(tag);
      const errors = await eventsOf(page, 'layer-error');
      for (const {layerId, kind, status, url} of errors) {
        expect({layerId, kind, status, url}).toEqual({
          layerId: 'boundaries',
          status: undefined,
          ...error,
          url: `${demo.mapUrl}/wms`,
        });
      }
      expect(errors.length).toBeGreaterThan(0);
      expect(JSON.stringify(await eventsOf(page))).not.toContain('token=canary');
      await openLayers(tag);
      await expect(tag.locator('[part=layers] li', {hasText: 'Boundaries'})).toContainText('not available');
      expect(await stateOf(tag)).toBe('authenticated');

      demo.map.setFault(null);
      await messageOf(tag).getByRole('button', {name: 'Try again'}).click();
      await expect(messageOf(tag)).toHaveText('');
      await expectIdle(tag);
      await expect(tag.locator('[part=layers] li', {hasText: 'Boundaries'})).not.toContainText('not available');
    });
  }

  test('429 with a short Retry-After is waited for, and nobody sees it', async ({page, site}) => {
    const {demo} = site;
    const refused = new Set<string>();
    demo.map.setFault(({kind, preflight, path}) => {
      if (kind !== 'xyz' || preflight || refused.has(path)) return undefined;
      refused.add(path);
      return {status: 429, body: 'Busy.', headers: {'retry-after': '1'}};
    });
    await page.goto(await site.page(`<secure-map ${good}></secure-map>`));
    const tag = tagOf(page);
    await expectMap(tag);
    await expectIdle(tag);
    expect(refused.size).toBeGreaterThan(5);
    expect(demo.map.counts.byPath.xyz).toBe(2 * refused.size);
    expect(await eventsOf(page, 'layer-error')).toEqual([]);
  });
});
