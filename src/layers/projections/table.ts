import type {Extent} from 'ol/extent.js';

interface Entry {
  readonly definition: string;
  /** West, south, east, north of where it is used, in degrees. */
  readonly area: readonly [number, number, number, number];
  /** Of the tile grid that the country has agreed on, where there is one. */
  readonly extent?: Extent;
  /** North before east in documents and requests. */
  readonly isNorthFirst?: true;
}

/** ETRS89 and its like are WGS 84 as far as a map on a screen can show. */
const grs80 = '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs';
const bessel = '+ellps=bessel +units=m +no_defs';
const swiss =
  '+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +towgs84=674.374,15.056,405.346,0,0,0,0';
const transverse = (lon: number, k: number, x: number, y: number, lat = 0): string =>
  `+proj=tmerc +lat_0=${lat} +lon_0=${lon} +k=${k} +x_0=${x} +y_0=${y}`;

const gaussKrueger = (zone: number, area: Entry['area']): Entry => ({
  definition: `${transverse(3 * zone, 1, zone * 1_000_000 + 500_000, 0)} +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7 ${bessel}`,
  area,
  isNorthFirst: true,
});

/**
 * Definitions as on epsg.io, with the shift to WGS 84 that the country itself has published where there are several
 * (for EPSG:28992 with the rotations in seconds of arc, as proj4 wants them). Areas of use and axes are those of the
 * EPSG registry, v12. All were compared with PROJ 9.5.1 over their area: they differ by less than 10 m in a corner of
 * EPSG:5514, by less than 3 m in EPSG:3844, and elsewhere by less than 1 m from what PROJ does without grids.
 */
const table: Readonly<Record<string, Entry>> = {
  'EPSG:2056': {
    definition: `${swiss} +x_0=2600000 +y_0=1200000 ${bessel}`,
    area: [5.96, 45.82, 10.49, 47.81],
    extent: [2_420_000, 1_030_000, 2_900_000, 1_350_000],
  },
  'EPSG:21781': {
    definition: `${swiss} +x_0=600000 +y_0=200000 ${bessel}`,
    area: [5.96, 45.82, 10.49, 47.81],
    extent: [420_000, 30_000, 900_000, 350_000],
  },
  'EPSG:2100': {
    definition: `${transverse(24, 0.9996, 500_000, 0)} +ellps=GRS80 +towgs84=-199.87,74.79,246.62,0,0,0,0 +units=m +no_defs`,
    area: [19.57, 34.88, 28.3, 41.75],
  },
  'EPSG:2154': {
    definition: `+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 ${grs80}`,
    area: [-9.86, 41.15, 10.38, 51.56],
  },
  'EPSG:2157': {
    definition: `${transverse(-8, 0.99982, 600_000, 750_000, 53.5)} ${grs80}`,
    area: [-10.56, 51.39, -5.34, 55.43],
  },
  'EPSG:2169': {
    definition: `${transverse(6.16666666666667, 1, 80_000, 100_000, 49.8333333333333)} +ellps=intl +towgs84=-189.6806,18.3463,-42.7695,-0.33746,-3.09264,2.53861,0.4598 +units=m +no_defs`,
    area: [5.73, 49.44, 6.53, 50.19],
    isNorthFirst: true,
  },
  'EPSG:2180': {
    definition: `${transverse(19, 0.9993, 500_000, -5_300_000)} ${grs80}`,
    area: [14.14, 49, 24.15, 55.93],
    isNorthFirst: true,
  },
  'EPSG:23700': {
    definition:
      '+proj=somerc +lat_0=47.1443937222222 +lon_0=19.0485717777778 +k_0=0.99993 +x_0=650000 +y_0=200000 +ellps=GRS67 +towgs84=52.17,-71.82,-14.9,0,0,0,0 +units=m +no_defs',
    area: [16.11, 45.74, 22.9, 48.58],
    isNorthFirst: true,
  },
  'EPSG:27700': {
    definition: `${transverse(-2, 0.9996012717, 400_000, -100_000, 49)} +ellps=airy +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs`,
    area: [-9.01, 49.75, 2.01, 61.01],
    extent: [0, 0, 700_000, 1_300_000],
  },
  'EPSG:28992': {
    definition:
      '+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 +ellps=bessel +towgs84=565.4171,50.3319,465.5524,-0.398957388243134,0.343987817378283,-1.87740163998045,4.0725 +units=m +no_defs',
    area: [3.2, 50.75, 7.22, 53.7],
    extent: [-285_401.92, 22_598.08, 595_401.92, 903_401.92],
  },
  'EPSG:29903': {
    definition: `${transverse(-8, 1.000035, 200_000, 250_000, 53.5)} +ellps=mod_airy +towgs84=482.5,-130.6,564.6,-1.042,-0.214,-0.631,8.15 +units=m +no_defs`,
    area: [-10.56, 51.39, -5.34, 55.43],
  },
  'EPSG:3006': {definition: `+proj=utm +zone=33 ${grs80}`, area: [10.03, 54.96, 24.17, 69.07], isNorthFirst: true},
  'EPSG:3034': {
    definition: `+proj=lcc +lat_0=52 +lon_0=10 +lat_1=35 +lat_2=65 +x_0=4000000 +y_0=2800000 ${grs80}`,
    area: [-35.58, 24.6, 44.83, 84.73],
    isNorthFirst: true,
  },
  'EPSG:3035': {
    definition: `+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 ${grs80}`,
    area: [-35.58, 24.6, 44.83, 84.73],
    isNorthFirst: true,
  },
  'EPSG:3059': {
    definition: `${transverse(24, 0.9996, 500_000, -6_000_000)} ${grs80}`,
    area: [19.06, 55.67, 28.24, 58.09],
    isNorthFirst: true,
  },
  'EPSG:3067': {definition: `+proj=utm +zone=35 ${grs80}`, area: [19.08, 58.84, 31.59, 70.09]},
  'EPSG:31287': {
    definition: `+proj=lcc +lat_0=47.5 +lon_0=13.3333333333333 +lat_1=49 +lat_2=46 +x_0=400000 +y_0=400000 +towgs84=577.326,90.129,463.919,5.137,1.474,5.297,2.4232 ${bessel}`,
    area: [9.53, 46.4, 17.17, 49.02],
    isNorthFirst: true,
  },
  'EPSG:31370': {
    definition:
      '+proj=lcc +lat_0=90 +lon_0=4.36748666666667 +lat_1=51.1666672333333 +lat_2=49.8333339 +x_0=150000.013 +y_0=5400088.438 +ellps=intl +towgs84=-106.8686,52.2978,-103.7239,0.3366,-0.457,1.8422,-1.2747 +units=m +no_defs',
    area: [2.5, 49.5, 6.4, 51.51],
  },
  'EPSG:31466': gaussKrueger(2, [5.86, 49.11, 7.51, 53.81]),
  'EPSG:31467': gaussKrueger(3, [7.5, 47.27, 10.51, 55.09]),
  'EPSG:31468': gaussKrueger(4, [10.5, 47.39, 13.51, 54.59]),
  'EPSG:31469': gaussKrueger(5, [13.5, 48.51, 13.84, 48.98]),
  'EPSG:3301': {
    definition: `+proj=lcc +lat_0=57.5175539305556 +lon_0=24 +lat_1=59.3333333333333 +lat_2=58 +x_0=500000 +y_0=6375000 ${grs80}`,
    area: [20.37, 57.52, 28.2, 60],
    isNorthFirst: true,
  },
  'EPSG:3346': {
    definition: `${transverse(24, 0.9998, 500_000, 0)} ${grs80}`,
    area: [19.02, 53.89, 26.82, 56.45],
    isNorthFirst: true,
  },
  'EPSG:3763': {
    definition: `${transverse(-8.13310833333333, 1, 0, 0, 39.6682583333333)} ${grs80}`,
    area: [-9.56, 36.95, -6.19, 42.16],
  },
  'EPSG:3765': {definition: `${transverse(16.5, 0.9999, 500_000, 0)} ${grs80}`, area: [13.43, 42.34, 19.43, 46.54]},
  'EPSG:3794': {
    definition: `${transverse(15, 0.9999, 500_000, -5_000_000)} ${grs80}`,
    area: [13.38, 45.42, 16.61, 46.88],
  },
  'EPSG:3812': {
    definition: `+proj=lcc +lat_0=50.797815 +lon_0=4.35921583333333 +lat_1=49.8333333333333 +lat_2=51.1666666666667 +x_0=649328 +y_0=665262 ${grs80}`,
    area: [2.5, 49.5, 6.4, 51.51],
  },
  'EPSG:3844': {
    definition:
      '+proj=sterea +lat_0=46 +lon_0=25 +k=0.99975 +x_0=500000 +y_0=500000 +ellps=krass +towgs84=33.4,-146.6,-76.3,-0.359,-0.053,0.844,-0.84 +units=m +no_defs',
    area: [20.26, 43.44, 31.41, 48.27],
    isNorthFirst: true,
  },
  'EPSG:4258': {
    definition: '+proj=longlat +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +no_defs',
    area: [-180, -90, 180, 90],
    isNorthFirst: true,
  },
  'EPSG:5514': {
    definition: `+proj=krovak +lat_0=49.5 +lon_0=24.8333333333333 +alpha=30.2881397527778 +k=0.9999 +x_0=0 +y_0=0 +towgs84=570.8,85.7,462.8,4.998,1.587,5.261,3.56 ${bessel}`,
    area: [12.09, 47.73, 22.56, 51.06],
  },
};

/** The zones of ETRS89 / UTM. */
const etrsZone = (code: string): number | undefined => {
  const [, zone] = /^EPSG:258(2[89]|3[0-8])$/.exec(code) ?? [];
  return zone === undefined ? undefined : Number(zone);
};

const entryOf = (code: string): Entry | undefined => {
  const zone = etrsZone(code);
  if (zone === undefined) return Object.hasOwn(table, code) ? table[code] : undefined;
  return {definition: `+proj=utm +zone=${zone} ${grs80}`, area: [6 * zone - 186, 34, 6 * zone - 180, 84]};
};

export const names: readonly string[] = [...Object.keys(table), 'EPSG:25828–25838'];

export const definitionOf = (code: string): string | undefined => entryOf(code)?.definition;
export const areaOf = (code: string): Extent | undefined => {
  const area = entryOf(code)?.area;
  return area && [...area];
};
export const extentOf = (code: string): Extent | undefined => entryOf(code)?.extent;
/** In ol's words. `undefined` for a code that is not known here. */
export const axesOf = (code: string): 'enu' | 'neu' | undefined => {
  const entry = entryOf(code);
  return entry && (entry.isNorthFirst ? 'neu' : 'enu');
};
