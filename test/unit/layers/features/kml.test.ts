import {expect} from '@open-wc/testing';
import type VectorLayer from 'ol/layer/Vector.js';
import {gpxAnswer, kmlAnswer} from '../../../doubles/feature-services.js';
import {imageAnswer} from '../../../doubles/images.js';
import {showLayer, type ShownLayer} from '../../../doubles/shown-layer.js';

const kml = {type: 'kml', url: 'https://maps.example/places.kml'} as const;
const mayFollow = (url: string): boolean => url.startsWith('https://maps.example/');
const document = (...inside: readonly string[]): Response =>
  new Response(`<kml xmlns="http://www.opengis.net/kml/2.2"><Document>${inside.join('')}</Document></kml>`);
const place = (style: string, more = ''): string =>
  `<Placemark>${more}<Style>${style}</Style><Point><coordinates>0,0</coordinates></Point></Placemark>`;
const icon = (href: string, colour = ''): string =>
  `<IconStyle>${colour}<scale>2</scale><Icon><href>${href}</href></Icon></IconStyle>`;

/** What the browser itself was made to ask for. */
const strays = (): readonly string[] =>
  performance
    .getEntriesByType('resource')
    .map(({name}) => name)
    .filter((name) => !name.startsWith(location.origin));

describe('kml', () => {
  let shown: ShownLayer | undefined;
  afterEach(() => {
    shown?.remove();
    shown = undefined;
  });

  it('shows the features with the looks of the document', async () => {
    const line = `<Placemark><Style><LineStyle><color>ff0000ff</color><width>9</width></LineStyle></Style>
      <LineString><coordinates>-90,0 90,0</coordinates></LineString></Placemark>`;
    shown = await showLayer(kml, () => document(line));
    expect(shown.page.pixel(200, 256)).to.eql([255, 0, 0, 255]);
    shown.remove();
    shown = await showLayer({...kml, style: {'stroke-color': 'lime', 'stroke-width': 9}}, () => document(line));
    expect(shown.page.pixel(200, 256)).to.eql([0, 255, 0, 255]);
    expect(shown.told()).to.eql([]);
  });

  it('asks for icons in turn, and for no more than can be kept', async () => {
    const turns: string[] = [];
    shown = await showLayer(
      kml,
      (url) =>
        url.includes('.png')
          ? imageAnswer('white', 4)
          : document(...Array.from({length: 600}, (_, i) => place(icon(`icons/${i}.png`)))),
      {
        mayFollow,
        inTurn: (url, _signal, task) => {
          turns.push(url);
          return task();
        },
      },
    );
    expect(turns).to.have.length(500);
    expect(shown.queries('.png')).to.have.length(500);
    expect(shown.told()).to.eql(['format: The KML has more than 500 icons']);
  });

  it('asks for icons through the map, and draws them, coloured as well', async () => {
    for (const [colour, seen] of [
      ['', [255, 255, 255, 255]],
      ['<color>ff00ff00</color>', [0, 255, 0, 255]],
    ] as const) {
      shown = await showLayer(
        kml,
        (url) => (url.endsWith('.png') ? imageAnswer('white', 32) : document(place(icon('icons/a.png', colour)))),
        {mayFollow},
      );
      expect(shown.server.asked.map(({url}) => url)).to.eql([kml.url, 'https://maps.example/icons/a.png']);
      expect(shown.page.pixel(256, 256)).to.eql(seen);
      expect(shown.told()).to.eql([]);
      shown.remove();
    }
    shown = undefined;
    expect(strays()).to.eql([]);
  });

  it('asks nobody for foreign icons or for the pushpin of ol, and draws the plain sign', async () => {
    for (const [style, told] of [
      [icon('https://evil.example/a.png'), ['origin']],
      ['<IconStyle><scale>2</scale></IconStyle>', []],
      ['<LineStyle><width>3</width></LineStyle>', []],
    ] as const) {
      shown = await showLayer(kml, () => document(place(style)), {mayFollow});
      expect(shown.server.asked.map(({url}) => url)).to.eql([kml.url]);
      expect(shown.context.heard.errors.map(({kind}) => kind)).to.eql(told);
      expect(shown.page.pixel(256, 256)).to.eql([11, 92, 173, 255]);
      shown.remove();
    }
    shown = undefined;
    expect(strays()).to.eql([]);
  });

  it('does not follow network links, and says so', async () => {
    const link = '<NetworkLink><Link><href>https://maps.example/more.kml</href></Link></NetworkLink>';
    shown = await showLayer(kml, () => document(place(''), link));
    expect(shown.server.asked).to.have.length(1);
    expect(shown.features()).to.have.length(1);
    expect(shown.told()).to.eql(['format: The KML names other documents (NetworkLink), which are not loaded']);
  });

  it('tells descriptions as text, without the markup in them', async () => {
    const description =
      '<name>A</name><description><![CDATA[<b>Oak</b><script>alert(1)</script><br>old]]></description>';
    shown = await showLayer(kml, () => document(place('', description)));
    const at = {coordinate: [0, 0], pixel: [256, 256], resolution: 1, projection: 'EPSG:3857'};
    const [feature] = (await shown.handle.identify?.(at, new AbortController().signal)) ?? [];
    expect(feature?.properties).to.deep.include({name: 'A', description: 'Oak\nold'});
    expect((shown.handle.layer as VectorLayer).getSource()?.getFeatures()).to.have.length(1);
  });

  it('reads names with references to characters, in a document without sinks of HTML as well', async () => {
    const names = ['Caf&amp;eacute; &amp;amp; bar', 'A&amp;#66;C', 'a &amp; b; c'].map(
      (name) => `<name>${name}</name>`,
    );
    shown = await showLayer(kml, () => document(...names.map((name) => place('', name))));
    expect(shown.features().map((feature) => String(feature.get('name')))).to.eql([
      'Caf&eacute; & bar'.replaceAll('&', '\uFF06'),
      'ABC',
      'a & b; c'.replaceAll('&', '\uFF06'),
    ]);
  });

  for (const [what, answer, words] of [
    [
      'zipped KML',
      () => new Response('PK\u0003\u0004…'),
      'This is KMZ (zipped KML), which is not supported: give the address of the KML that is in it',
    ],
    ['another document', gpxAnswer, 'This is not KML: the document is a <gpx>'],
    [
      'a web page',
      () => new Response('<!doctype html><title>Sign in</title>'),
      'The answer is a web page (HTML) where XML was asked for',
    ],
  ] as const)
    it(`says what is wrong with ${what}`, async () => {
      shown = await showLayer(kml, answer);
      expect(shown.told()).to.eql([`format: ${words}`]);
    });
});

describe('gpx', () => {
  it('shows waypoints, routes and tracks', async () => {
    const shown = await showLayer({type: 'gpx', url: 'https://maps.example/a.gpx'}, gpxAnswer);
    expect(shown.points()).to.eql([[5, 52]]);
    expect(shown.features()[0]?.get('name')).to.equal('A');
    shown.remove();
  });

  it('says what is wrong with another document', async () => {
    const shown = await showLayer({type: 'gpx', url: 'https://maps.example/a.gpx'}, kmlAnswer);
    expect(shown.told()).to.eql(['format: This is not GPX: the document is a <kml>']);
    shown.remove();
  });
});
