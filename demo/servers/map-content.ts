import type {Role} from './accounts.js';
import {createAtlas} from './atlas.js';
import {collectCities} from './cities.js';
import type {Reply} from './exchange.js';
import {renderPublicConfig, renderWorldConfig} from './map-config.js';
import {createWms} from './wms.js';
import {collectCountries} from './world.js';
import {createTiles} from './xyz.js';

export type MapRequestKind = 'config' | 'xyz' | 'wms' | 'geojson' | 'public' | 'other';

export interface MapContent {
  kindOf(path: string): MapRequestKind;
  answer(url: URL): Promise<Reply>;
}

/** What one must be to see it. Public things are not in the table. */
export const REQUIRED_ROLE: Readonly<Record<Exclude<MapRequestKind, 'public'>, Role>> = {
  config: 'map',
  xyz: 'map',
  wms: 'boundaries',
  geojson: 'map',
  other: 'map',
};

/** What the map server has, whoever asks. */
export function createMapContent(origin: string): MapContent {
  const atlas = createAtlas();
  const tiles = createTiles(atlas);
  const wms = createWms(atlas, `${origin}/wms`);
  const json = (body: string, type = 'application/json'): Reply => ({
    status: 200,
    headers: {'content-type': type},
    body,
  });

  return {
    kindOf(path) {
      if (path.startsWith('/public/')) return 'public';
      if (path.startsWith('/config/')) return 'config';
      if (path.startsWith('/tiles/')) return 'xyz';
      if (path.startsWith('/features/')) return 'geojson';
      return path === '/wms' ? 'wms' : 'other';
    },
    async answer({pathname, searchParams}) {
      if (pathname === '/config/world.json') return json(renderWorldConfig(origin));
      if (pathname === '/public/world.json') return json(renderPublicConfig(origin));
      if (pathname === '/wms') return wms(searchParams);
      if (pathname === '/features/cities.geojson') return json(JSON.stringify(collectCities()), 'application/geo+json');
      if (pathname === '/features/countries.geojson') {
        return json(JSON.stringify(collectCountries(atlas.coarse())), 'application/geo+json');
      }
      const tile = /^(?:\/public)?\/tiles(\/.+)$/u.exec(pathname)?.[1];
      if (tile !== undefined) return tiles(tile);
      return {status: 404, headers: {'content-type': 'text/plain; charset=utf-8'}, body: 'Not found.'};
    },
  };
}
