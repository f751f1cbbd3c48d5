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
