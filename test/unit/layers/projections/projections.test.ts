import {expect} from '@open-wc/testing';
import {get as getProjection, transform} from 'ol/proj.js';
import {defineProjections} from '../../../../src/layers/projections/define-projections.js';
import {projectionCode} from '../../../../src/layers/projections/projection-code.js';
import {knownProjection, projectionOf} from '../../../../src/layers/projections/projection-of.js';
import {names} from '../../../../src/layers/projections/table.js';
import {rejection} from '../../../doubles/rejection.js';

const degrees = (d: number, m: number, s: number): number => Math.sign(d) * (Math.abs(d) + m / 60 + s / 3600);
const apart = ([x = NaN, y = NaN]: readonly number[], [a = NaN, b = NaN]: readonly number[]): number =>
  Math.hypot(x - a, y - b);

describe('the name of a projection', () => {
  const same: Readonly<Record<string, readonly string[]>> = {
    'EPSG:28992': [
      'EPSG:28992',
      'epsg:28992',
      ' EPSG:28992 ',
      'EPSG::28992',
      'urn:ogc:def:crs:EPSG::28992',
      'urn:ogc:def:crs:EPSG:6.9:28992',
      'urn:x-ogc:def:crs:EPSG:28992:28992',
      'http://www.opengis.net/def/crs/EPSG/0/28992',
      'https://www.opengis.net/def/crs/EPSG/9.9.1/28992',
      'http://www.opengis.net/gml/srs/epsg.xml#28992',
    ],
    'CRS:84': [
      'CRS:84',
      'CRS84',
      'OGC:CRS84',
      'urn:ogc:def:crs:OGC:1.3:CRS84',
      'urn:ogc:def:crs:OGC::CRS84',
      'urn:ogc:def:crs:OGC:2:84',
      'http://www.opengis.net/def/crs/OGC/1.3/CRS84',
    ],
  };
  for (const [code, forms] of Object.entries(same))
    for (const form of forms) it(`${form} is ${code}`, () => expect(projectionCode(form)).to.equal(code));

  for (const other of [
    '',
    'EPSG:',
    'EPSG:28992x',
    'urn:ogc:def:crs:ESRI::102100',
    'http://maps.example/def/crs/EPSG/0/4326',
  ])
    it(`"${other}" stays as it is`, () => expect(projectionCode(other)).to.equal(other));
});

describe('projectionOf', () => {
  /** Published by those who are responsible for the projection. */
  const points: readonly (readonly [
    code: string,
    source: string,
    place: number[],
    shown: number[],
    tolerance: number,
  ])[] = [
    // RDNAPTRANS2018, NSGI, points of the self-validation. Without the correction grid it is right to 0.25 m.
    ['EPSG:28992', 'Amersfoort', [5.387203657, 52.155172897], [155_000, 463_000], 0.25],
    ['EPSG:28992', 'Texel', [4.824761912, 53.160753042], [117_380.12, 575_040.34], 0.25],
    ['EPSG:28992', 'Zuid-Limburg', [5.773795548, 50.792584916], [182_260.45, 311_480.67], 0.25],
    // GDA Technical Manual, ICSM: Flinders Peak on GRS80, mirrored from zone 55 south into zone 32 north.
    [
      'EPSG:25832',
      'Flinders Peak',
      [degrees(144, 25, 29.5244) - 138, degrees(37, 57, 3.7203)],
      [273_741.297, 10_000_000 - 5_796_489.777],
      0.01,
    ],
    // OSTN15 test data of Ordnance Survey, TP01 and TP04, and the worked example of its guide. 7 parameters: 5 m.
    ['EPSG:27700', 'St Mary’s', [-6.29977752014, 49.9222639373], [91_492.146, 11_318.804], 5],
    ['EPSG:27700', 'TP04', [-4.10864563561, 50.4388582561], [250_359.811, 62_016.569], 5],
    ['EPSG:27700', 'Caister', [degrees(1, 42, 57.8663), degrees(52, 39, 28.8282)], [651_409.903, 313_177.27], 5],
    // swisstopo, "Approximate formulas for the transformation between Swiss projection coordinates and WGS84".
    ['EPSG:2056', 'numerical example', [degrees(8, 43, 49.79), degrees(46, 2, 38.87)], [2_700_000, 1_100_000], 0.5],
    ['EPSG:21781', 'numerical example', [degrees(8, 43, 49.79), degrees(46, 2, 38.87)], [700_000, 100_000], 0.5],
    // EPSG Guidance Note 7-2, "Popular Visualisation Pseudo-Mercator".
    ['EPSG:3857', 'G7-2', [degrees(-100, 20, 0), degrees(24, 22, 54.433)], [-11_169_055.58, 2_800_000], 0.01],
    ['EPSG:4326', 'itself', [5, 52], [5, 52], 0],
    // OGC WFS axis order has no say in coordinates of the map: x is east everywhere.
    ['EPSG:4258', 'ETRS89 as WGS 84', [5, 52], [5, 52], 1e-9],
  ];
  for (const [code, source, place, shown, tolerance] of points)
    it(`${code} has ${source} where it is, to ${tolerance}`, async () => {
      const projection = await projectionOf(code);
      expect(apart(transform(place, 'EPSG:4326', projection), shown)).to.be.at.most(tolerance);
      expect(apart(transform(transform(place, 'EPSG:4326', projection), projection, 'EPSG:4326'), place)).to.be.below(
        1e-6,
      );
    });

  it('knows it by the names of OGC, and is the same then', async () => {
    const one = await projectionOf('EPSG:28992');
    expect(await projectionOf('urn:ogc:def:crs:EPSG::28992')).to.equal(one);
    expect(await projectionOf('http://www.opengis.net/def/crs/EPSG/0/28992')).to.equal(one);
    expect(knownProjection('urn:ogc:def:crs:EPSG::28992')).to.equal(one);
    expect((await projectionOf('CRS84')).getCode()).to.equal('CRS:84');
  });

  it('knows the way between two of them, to Mercator, to UTM and to degrees by any of their names', async () => {
    const place = [7, 52];
    const codes = [
      'EPSG:25832',
      'EPSG:28992',
      'EPSG:31466',
      'EPSG:32632',
      'EPSG:3857',
      'EPSG:900913',
      'CRS:84',
      'EPSG:4258',
    ];
    for (const code of codes) await projectionOf(code);
    for (const from of codes)
      for (const to of codes) {
        const way = transform(transform(place, 'EPSG:4326', from), from, to);
        expect(apart(transform(way, to, 'EPSG:4326'), place), `${from} → ${to}`).to.be.below(1e-6);
      }
  });

  it('has every one of its table, with an extent around its area', async () => {
    const codes = names.filter((name) => !name.includes('–'));
    expect(codes.length).to.be.above(25);
    for (const code of [...codes, 'EPSG:25828', 'EPSG:25838', 'EPSG:32601', 'EPSG:32733']) {
      const projection = await projectionOf(code);
      const [west = NaN, south = NaN, east = NaN, north = NaN] = projection.getExtent() ?? [];
      expect(east > west && north > south, code).to.equal(true);
      const [lon = NaN, lat = NaN] = transform([(west + east) / 2, (south + north) / 2], projection, 'EPSG:4326');
      expect(Number.isFinite(lon) && Number.isFinite(lat), code).to.equal(true);
      const area = projection.getWorldExtent();
      if (area)
        expect(lon > area[0]! - 1 && lon < area[2]! + 1 && lat > area[1]! - 1 && lat < area[3]! + 1, code).to.equal(
          true,
        );
    }
  });

  it('has the tile grid of the country where it has agreed on one', async () => {
    expect((await projectionOf('EPSG:28992')).getExtent()).to.eql([-285_401.92, 22_598.08, 595_401.92, 903_401.92]);
    expect((await projectionOf('EPSG:2056')).getExtent()).to.eql([2_420_000, 1_030_000, 2_900_000, 1_350_000]);
  });

  const axes: Readonly<Record<string, readonly string[]>> = {
    neu: ['EPSG:4326', 'EPSG:4258', 'EPSG:31468', 'EPSG:3035', 'EPSG:3006', 'EPSG:2180'],
    enu: ['EPSG:3857', 'EPSG:28992', 'EPSG:25832', 'EPSG:27700', 'EPSG:2056', 'EPSG:5514', 'EPSG:32632', 'CRS84'],
  };
  for (const [order, codes] of Object.entries(axes))
    for (const code of codes)
      it(`${code} has its axes as ${order}`, async () =>
        expect((await projectionOf(code)).getAxisOrientation()).to.equal(order));

  it('wraps around the world where it is of the whole world only', async () => {
    expect((await projectionOf('EPSG:4258')).canWrapX()).to.equal(true);
    expect((await projectionOf('EPSG:28992')).canWrapX()).to.equal(false);
  });

  it('has no place for what cannot be shown, instead of an error in the middle of a frame', async () => {
    await projectionOf('EPSG:28992');
    expect(transform([Infinity, NaN], 'EPSG:3857', 'EPSG:28992').every(Number.isNaN)).to.equal(true);
  });

  for (const name of ['EPSG:1234', 'EPSG:99999', 'nonsense', '__proto__', 'constructor', '']) {
    it(`says of "${name}" that it is not known, and what is`, async () => {
      const {message, code} = (await rejection(projectionOf(name))) as Error & {code: string};
      expect(code).to.equal('invalid-layer');
      expect(message).to.match(
        /^The projection ".*" is not known\. Allowed: EPSG:3857, EPSG:4326, .*EPSG:28992.*"projections"/,
      );
    });
  }
});

describe('defineProjections', () => {
  const said = (definitions: Record<string, string>): string[] =>
    defineProjections(definitions).map(({message}) => message);
  const oblique = '+proj=omerc +lat_0=4 +lonc=115 +alpha=53 +k=0.99984 +x_0=590476 +y_0=442857 +ellps=evrstSS +units=m';

  it('makes those of a config known', async () => {
    expect(said({'EX:1': '+proj=utm +zone=31 +ellps=GRS80 +units=m', 'urn:ogc:def:crs:EPSG::29873': oblique})).to.eql(
      [],
    );
    expect(apart(transform([3, 0], 'EPSG:4326', 'EX:1'), [500_000, 0])).to.be.below(0.001);
    expect((await projectionOf('EPSG:29873')).getUnits()).to.equal('m');
  });

  it('reads the well-known text of OGC', () => {
    const wkt =
      'PROJCS["x",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",9],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]';
    expect(said({'EX:WKT': wkt})).to.eql([]);
    expect(apart(transform([9, 50], 'EPSG:4326', 'EX:WKT'), transform([9, 50], 'EPSG:4326', 'EPSG:32632'))).to.be.below(
      0.01,
    );
  });

  it('knows units other than metres, and the axes that a definition names', () => {
    expect(said({'EX:FEET': '+proj=tmerc +lon_0=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=us-ft +axis=neu'})).to.eql([]);
    const feet = getProjection('EX:FEET')!;
    expect(feet.getMetersPerUnit()).to.be.closeTo(0.3048006, 1e-6);
    expect(feet.getAxisOrientation()).to.equal('neu');
  });

  const bad = [
    '',
    'hello',
    '+proj=nope',
    '+proj=utm +zone=NaN',
    '{}',
    'PROJCS["cut',
    '+proj=lcc +lat_1=x +lat_2=y',
    '+nonsense',
  ];
  for (const definition of bad)
    it(`tells "${definition}" by its name and goes on with the others`, () => {
      const name = `EX:BAD${bad.indexOf(definition)}`;
      expect(said({[name]: definition, 'EX:1': '+proj=utm +zone=31 +ellps=GRS80 +units=m'})).to.eql([
        `projections.${name}: must be a definition that proj4 reads, like "+proj=utm +zone=32 …"`,
      ]);
      expect(getProjection(name)).to.equal(null);
    });

  it('takes the same again, however it is written, and leaves the first of two that differ', () => {
    expect(said({'EX:TWICE': '+proj=utm +zone=33 +datum=WGS84 +units=m'})).to.eql([]);
    const first = getProjection('EX:TWICE');
    expect(said({'EX:TWICE': '+units=m   +datum=WGS84 +proj=utm +zone=33 +no_defs'})).to.eql([]);
    const [message = ''] = said({'EX:TWICE': '+proj=utm +zone=34 +datum=WGS84 +units=m'});
    expect(message).to.match(
      /^projections\.EX:TWICE: is known on this page by another definition already, which stays/,
    );
    expect(getProjection('EX:TWICE')).to.equal(first);
  });

  it('lets nobody define what ol has another way, also not by another name of it', () => {
    const utm = '+proj=utm +zone=31 +datum=WGS84 +units=m';
    expect(said({'EPSG:3857': utm, 'EPSG:4326': utm, CRS84: utm, 'EPSG:32632': utm})).to.have.length(4);
    expect(said({'EPSG:4326': '+proj=longlat +datum=WGS84 +no_defs', 'EPSG:32631': utm})).to.eql([]);
    expect(transform([5, 52], 'EPSG:4326', 'EPSG:3857')[0]).to.be.closeTo(556_597.45, 0.01);
  });

  it('says what a name must be, and how many may be given', () => {
    const utm = '+proj=utm +zone=31 +datum=WGS84 +units=m';
    for (const name of ['', 'x', 'a b:c', '<b>:1', `EX:${'1'.repeat(200)}`])
      expect(said({[name]: utm})[0]).to.contain('must have a name with an authority and a code, like "EPSG:28992"');
    const many = Object.fromEntries(Array.from({length: 60}, (_, i) => [`EX:1`.replace('1', `M${i}`), 'hello']));
    expect(said(many).filter((each) => each.endsWith('is more than the 50 allowed'))).to.have.length(10);
  });
});
