import {expect} from '@open-wc/testing';
import {htmlText} from '../../../src/layers/feature-info/html-text.js';
import {infoFormat, readFeatureInfo} from '../../../src/layers/feature-info/read-feature-info.js';
import {RequestError} from '../../../src/request/request-error.js';
import {rejection} from '../../doubles/rejection.js';

const read = (body: string) =>
  readFeatureInfo(new Response(body), 'https://maps.example/info?token=secret', 'EPSG:3857');

describe('the answer to the question what is at a place', () => {
  it('is wanted in the format that says most', () => {
    expect(infoFormat(['text/xml', 'text/html', 'text/plain', 'application/json'])).to.equal('application/json');
    expect(infoFormat(['application/vnd.ogc.gml', 'application/geo+json; subtype=x'])).to.equal(
      'application/geo+json; subtype=x',
    );
    expect(infoFormat(['text/html', 'text/plain'])).to.equal('text/plain');
    expect(infoFormat(['application/vnd.ogc.gml', 'text/html; charset=utf-8'])).to.equal('text/html; charset=utf-8');
    expect(infoFormat(['image/png', 'application/vnd.ogc.gml/3.1.1'])).to.equal('application/vnd.ogc.gml/3.1.1');
    expect(infoFormat(['image/png'])).to.equal(undefined);
  });

  it('has the features of GeoJSON, with geometries where it says what they are in', async () => {
    const feature = (coordinates: unknown) => ({
      type: 'Feature',
      id: 7,
      properties: {a: 1},
      geometry: {type: 'MultiLineString', coordinates},
    });
    const lines = [
      [
        [10, 0],
        [0, 0],
      ],
    ];
    const of = async (document: object): Promise<unknown> => (await read(JSON.stringify(document)))[0]?.geometry;
    const lonLat = (await of({features: [feature(lines)]})) as {coordinates: number[][][]};
    expect(lonLat.coordinates[0]?.[0]?.[0]).to.be.closeTo(1_113_194.9, 0.1);
    const crs = {type: 'name', properties: {name: 'urn:ogc:def:crs:EPSG::3857'}};
    expect(await of({type: 'FeatureCollection', crs, features: [feature(lines)]})).to.eql({
      type: 'MultiLineString',
      coordinates: lines,
    });
    for (const unknown of [null, {properties: {name: 'EPSG:99999'}}])
      expect(await read(JSON.stringify({crs: unknown, features: [feature(lines)]}))).to.eql([
        {id: '7', properties: {a: 1}},
      ]);
    expect(await read('{"features": []}')).to.eql([]);
    expect(await read('{"value": 3}')).to.eql([{properties: {value: 3}}]);
  });

  it('is text where it is text, and nothing where there is none', async () => {
    expect(await read(' GetFeatureInfo results:\n  a = 1\n')).to.eql([
      {properties: {}, text: 'GetFeatureInfo results:\n  a = 1'},
    ]);
    expect(await read(' \n')).to.eql([]);
    expect((await read('x'.repeat(100_000)))[0]?.text).to.have.length(20_000);
  });

  it('is the values of GML and of attributes, by their names', async () => {
    expect(
      await read(
        '<FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:name>no</gml:name><road><name>A &amp; B</name><lanes>2</lanes><geom><gml:pos>1 2</gml:pos></geom></road></FeatureCollection>',
      ),
    ).to.eql([{properties: {}, text: 'name: A & B\nlanes: 2'}]);
    expect(await read('<FeatureInfoResponse><FIELDS id="1" name="b"/></FeatureInfoResponse>')).to.eql([
      {properties: {}, text: 'id: 1\nname: b'},
    ]);
  });

  it('is the words of a page, never its markup', async () => {
    expect(
      await read(
        '<!DOCTYPE html><html><head><title>t</title></head><body onload="x">a<br>b &lt;img src=x&gt;<script>if (1 < 2) x</script><!-- <p>c -->d</body>',
      ),
    ).to.eql([{properties: {}, text: 'a\nb <img src=x>d'}]);
    expect(await read('<table><tr><td>a</td><td> b </td></tr><tr><td>c</table>')).to.eql([
      {properties: {}, text: 'a  b\nc'},
    ]);
    expect(await read('<html><body></body></html>')).to.eql([]);
  });

  it('is done with pages that are made to take long', () => {
    for (const page of ['<'.repeat(200_000), '<!--'.repeat(100_000), '<script>'.repeat(50_000), '&#'.repeat(200_000)])
      expect(htmlText(page).length).to.be.below(500_000);
  });

  it('is an error when the service reports one', async () => {
    for (const [body, kind, words] of [
      [
        '<ServiceExceptionReport><ServiceException code="LayerNotQueryable">Not this one</ServiceException></ServiceExceptionReport>',
        'ogc',
        'Not this one',
      ],
      ['{"exceptions": [{"text": "Not this one"}]}', 'ogc', 'Not this one'],
      ['{"features": [', 'format', 'not valid JSON'],
      ['<a><b>', 'format', 'not valid XML'],
    ] as const) {
      const error = await rejection(read(body));
      expect(error).to.be.instanceOf(RequestError);
      expect(error).to.include({kind});
      expect(String(error)).to.include(words).and.not.to.include('secret');
    }
  });
});
