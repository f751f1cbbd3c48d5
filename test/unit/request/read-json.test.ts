import {expect} from '@open-wc/testing';
import {RequestError} from '../../../src/request/request-error.js';
import {readJson} from '../../../src/request/read-json.js';

const url = 'https://maps.example/data?token=secret';
const failure = async (body: BodyInit): Promise<RequestError> => {
  try {
    await readJson(new Response(body), url);
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error('it was read');
};

describe('readJson', () => {
  it('reads JSON', async () => expect(await readJson(new Response('{"a": [1]}'), url)).to.eql({a: [1]}));

  it('reads characters that a chunk cuts in two', async () => {
    const bytes = new TextEncoder().encode('"é"');
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.slice(0, 2));
        controller.enqueue(bytes.slice(2));
        controller.close();
      },
    });
    expect(await readJson(new Response(body), url)).to.equal('é');
  });

  it('gives the words of the service in its exception', async () => {
    for (const [body, words] of [
      ['<ExceptionReport><Exception><ExceptionText>No type</ExceptionText></Exception></ExceptionReport>', 'No type'],
      ['{"exceptions": [{"code": "NoCode", "text": "No &amp; type"}]}', 'No &amp; type'],
      ['{"code": "NotFound", "description": "No collection"}', 'No collection'],
      ['{"type": "about:blank", "status": 400, "title": "Bad", "detail": "bbox is wrong"}', 'bbox is wrong'],
    ] as const)
      expect(await failure(body)).to.include({kind: 'ogc', message: `The service answered: ${words}`});
  });

  it('says nothing of a token that the service quotes', async () => {
    const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln';
    for (const [said, shown] of [
      ['Invalid Token: SECRETTOKEN', 'Invalid Token: …'],
      ['Invalid token "SECRETTOKEN" given', 'Invalid token "… given'],
      ['{"access_token" : "SECRETTOKEN"}', '{"access_token" : "…'],
      ['DPoP SECRETTOKEN is stale', 'DPoP … is stale'],
      ['Refused bearer SECRET', 'Refused Bearer …'],
      [`Not valid: ${jwt}`, 'Not valid: …'],
      ['Not valid: SECRET_0123456789-abcdefghij', 'Not valid: …'],
      ['https://a.example/SECRET0123456789abcdefghij/wms?token=SECRET', 'https://a.example/…/wms'],
      [
        'https://maps-0123456789-abcdef.example/ows/version-2/wms',
        'https://maps-0123456789-abcdef.example/ows/version-2/wms',
      ],
      ['/wms?a?token=SECRET&b=SECRET', '/wms?a?…'],
      ['Token Required', 'Token Required'],
      ['The key is wrong, ask for internationalisation', 'The key is wrong, ask for internationalisation'],
    ] as const) {
      const error = await failure(JSON.stringify({error: {code: 498, message: said}}));
      expect(error.message, said).to.equal(`The service answered: ${shown}`);
    }
  });

  it('is done with answers that are made to take long', async () => {
    for (const body of [
      `${'\uFEFF'.repeat(100_000)}x`,
      `<!---->${'\uFEFF'.repeat(100_000)}x`,
      '<!---->'.repeat(20_000),
      `<ExceptionReport>${'<Exception>'.repeat(2_000)}`,
      `<ExceptionReport>${'<Exception '.repeat(2_000)}`,
      `<ExceptionReport><Exception>${'<'.repeat(16_000)}`,
      JSON.stringify({error: {code: 1, message: '?'.repeat(1_000_000)}}),
      JSON.stringify({error: {code: 1, message: 'eyJ'.repeat(300_000)}}),
    ])
      expect((await failure(body)).message).not.to.equal('');
  });

  it('does not take data for an exception', async () => {
    for (const data of [
      {type: 'FeatureCollection', features: []},
      {code: 'a', name: 'b'},
      {status: 'ok', title: 'x'},
      [{exceptions: 1}],
      null,
    ])
      expect(await readJson(Response.json(data), url)).to.eql(data);
  });

  it('tells HTML, XML, broken JSON and nothing apart', async () => {
    expect(await failure('<!doctype html><p>')).to.include({
      kind: 'format',
      message: 'The answer is a web page (HTML) where JSON was asked for',
    });
    expect(await failure('\uFEFF\uFEFF <!-- a > b -->\n<HTML>'))
      .to.have.property('message')
      .that.includes('HTML');
    for (const body of ['{"a": "secret', '<wfs:FeatureCollection>'])
      expect(await failure(body)).to.include({kind: 'format', message: 'The answer is not valid JSON'});
    expect(await failure('  ')).to.include({kind: 'format', message: 'The answer is empty'});
  });

  it('has no query in its errors', async () => {
    const error = await failure('nonsense');
    expect(`${error.url} ${error.message}`).not.to.include('secret');
  });

  it('stops reading at the limit', async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(5_000_000)),
      cancel: () => void (cancelled = true),
    });
    expect(await failure(endless)).to.include({kind: 'format', reason: 'too-large'});
    expect(cancelled).to.equal(true);
  });
});
