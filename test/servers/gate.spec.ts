import {readFile} from 'node:fs/promises';
import {clientToken} from '../e2e/support/visitor.js';
import {available, expect, startGatedSite, test} from './fixtures.js';

const map =
  'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=world&STYLES=&FORMAT=image/png&CRS=EPSG:3857'
  + '&BBOX=0,5000000,1000000,6000000&WIDTH=64&HEIGHT=64';

if (available.includes('MapServer')) {
  // The pages of the demo may ask the demo's own map server only.
  test.use({bypassCSP: true});
  test.describe('the gate', () => {
    test('answers a preflight without a credential, for the page only', async ({gated}) => {
      const {demo} = gated.site;
      const ask = (origin: string): Promise<Response> =>
        fetch(`${gated.servers.gate}/mapserver?${map}`, {
          method: 'OPTIONS',
          headers: {origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization'},
        });
      const page = new URL(demo.pageUrl).origin;
      const mine = await ask(page);
      expect(mine.status).toBe(204);
      expect(mine.headers.get('access-control-allow-origin')).toBe(page);
      expect(mine.headers.get('access-control-allow-headers')).toBe('authorization');
      const other = await ask('https://other.example');
      expect(other.headers.get('access-control-allow-origin')).toBeNull();
      expect(gated.check.counts).toEqual({granted: 0, forbidden: 0, refused: 0, none: 0});
    });

    test('401 and 403 say why, and the page may read them', async ({gated}) => {
      const {demo} = gated.site;
      const {gate} = gated.servers;
      const origin = new URL(demo.pageUrl).origin;
      const get = (path: string, authorization?: string): Promise<Response> =>
        fetch(gate + path, {headers: {origin, ...(authorization ? {authorization} : {})}});
      const seen = (response: Response): (string | number | null)[] => [
        response.status,
        response.headers.get('www-authenticate'),
        response.headers.get('access-control-allow-origin'),
        response.headers.get('cache-control'),
      ];
      expect(seen(await get(`/mapserver?${map}`))).toEqual([401, 'Bearer', origin, 'no-store']);
      expect(seen(await get(`/mapserver?${map}`, 'Bearer a.b.c'))).toEqual([
        401,
        'Bearer error="invalid_token", error_description="the token is not valid"',
        origin,
        'no-store',
      ]);
      const token = `Bearer ${await clientToken(demo)}`;
      expect(seen(await get(`/mapserver?${map}`, token))).toEqual([200, null, origin, 'private, max-age=3600']);
      expect(seen(await get(`/mapserver?${map.replace('=world', '=nowhere')}`, token))).toEqual([
        200,
        null,
        origin,
        'no-store',
      ]);
    });

    test('a token is worth nothing once its time is over, and maps do not wait for that', async ({page}) => {
      const gated = await startGatedSite(6);
      try {
        const {site, check, servers} = gated;
        const credentials: string[] = [];
        check.onCredential((authorization) => void credentials.push(authorization));
        const layer = {type: 'wms', id: 'world', url: `${servers.gate}/mapserver`, layers: 'world', single: true};
        await page.goto(
          await site.page(`<secure-map token-url="/site/token" layers='${JSON.stringify([layer])}' center="10,50" zoom="4"
            allowed-origins="${servers.gate}"></secure-map>`),
        );
        const refreshed = (): Promise<number> =>
          page.evaluate(() => window.recordedEvents.filter(({type}) => type === 'token-refreshed').length);
        await expect.poll(refreshed, {timeout: 30_000}).toBeGreaterThanOrEqual(2);
        expect(check.counts).toMatchObject({refused: 0, none: 0, forbidden: 0});

        const first = credentials[0] ?? '';
        const answered = async (): Promise<string> => {
          const response = await fetch(`${servers.gate}/mapserver?${map}`, {headers: {authorization: first}});
          return `${response.status} ${response.headers.get('www-authenticate') ?? ''}`;
        };
        await expect.poll(answered).toBe('401 Bearer error="invalid_token", error_description="the token has expired"');
      } finally {
        await gated.stop();
      }
    });

    test('is the one that the documentation shows', async () => {
      const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');
      const documented = await read('../../docs/servers.md');
      for (const name of ['gate.conf', 'gate-maps.conf']) {
        expect(documented, name).toContain(`\`\`\`nginx\n${await read(`templates/${name}`)}\`\`\``);
      }
    });
  });
}
