import {expect} from '@open-wc/testing';
import {createPartRequest, type PartRequestOptions} from '../../../src/request/part-request.js';
import type {RequestOptions} from '../../../src/request/request.js';
import {RequestError, type RequestErrorKind} from '../../../src/request/request-error.js';
import {everythingIn, rejection} from '../../doubles/rejection.js';
import {CANARY} from '../../doubles/tokens.js';
import {setUp, TILE, type Start} from './setup.js';

const part = (start: Start & Partial<Pick<PartRequestOptions, 'credential' | 'layerId'>> = {}) => {
  const setup = setUp(start);
  const request = createPartRequest({
    authorizedFetch: setup.authorizedFetch,
    now: setup.environment.now,
    credential: start.credential,
    layerId: start.layerId,
  });
  const failure = async (url: string = TILE, options: RequestOptions = {}): Promise<RequestError> => {
    const error = await rejection(request(url, options));
    if (error instanceof RequestError) return error;
    throw error;
  };
  return {...setup, request, failure};
};

const status =
  (code: number, headers: HeadersInit = {}) =>
  (): Response =>
    new Response('x', {status: code, headers});

const report =
  '<ows:ExceptionReport><ows:Exception exceptionCode="InvalidParameterValue"><ows:ExceptionText>No type nowhere</ows:ExceptionText></ows:Exception></ows:ExceptionReport>';

describe('a request for a part of the map', () => {
  for (const [what, code, body, kind, words] of [
    ['an OWS report', 400, report, 'ogc', 'No type nowhere'],
    ['a problem in JSON (RFC 9457)', 404, '{"status":404,"title":"No such collection"}', 'ogc', 'No such collection'],
    ['a web page', 404, '<!doctype html><title>Not found</title>', 'network', 'status 404'],
    ['a report of a server in trouble', 500, report, 'network', 'status 500'],
  ] as const) {
    it(`has the words of the service where an error status comes with ${what}`, async () => {
      const {failure} = part({answer: () => new Response(body, {status: code})});
      const error = await failure(TILE);
      expect([error.kind, error.status]).to.deep.equal([kind, code]);
      expect(error.message).to.include(words);
    });
  }

  it('says of an answer whether its server may have the credential', async () => {
    const {request} = part();
    expect(await request(TILE)).to.have.property('isTrusted', true);
    expect(await request('https://elsewhere.example/tile')).not.to.have.property('isTrusted');
    expect(await part({credential: 'none'}).request(TILE)).not.to.have.property('isTrusted');
  });

  it('takes a refusal that is in the body of a good answer for one, and replays once', async () => {
    const token = ({headers}: Request): string | null => headers.get('authorization');
    const isRefused = async (copy: Response): Promise<boolean> => (await copy.text()).includes('498');
    for (const [good, tokens, body] of [
      ['Bearer t2', ['Bearer t1', 'Bearer t2'], 'fine'],
      ['Bearer t3', ['Bearer t1', 'Bearer t2'], '{"error":{"code":498}}'],
    ] as const) {
      const {request, network} = part({
        answer: (asked) => new Response(token(asked) === good ? 'fine' : '{"error":{"code":498}}'),
      });
      const response = await request(TILE, {isRefused});
      expect(await response.text()).to.equal(body);
      expect(network.sent.map(token)).to.deep.equal(tokens);
    }
  });

  it('resolves with a good answer', async () => {
    const {request, network} = part();
    const response = await request(TILE, {method: 'POST', headers: {'x-own': '1'}, body: 'b'});
    expect([response.status, await response.text()]).to.deep.equal([200, 'fine']);
    expect([network.sent[0]?.method, network.sent[0]?.headers.get('x-own')]).to.deep.equal(['POST', '1']);
  });

  for (const [what, url, start, kind] of [
    ['401 twice', TILE, {answer: status(401)}, 'auth'],
    ['403', TILE, {answer: status(403)}, 'forbidden'],
    ['404', TILE, {answer: status(404)}, 'network'],
    ['500', TILE, {answer: status(500)}, 'network'],
    ['401 outside the scope', 'https://b.example/', {answer: status(401)}, 'origin'],
    ['403 outside the scope', 'https://b.example/', {answer: status(403)}, 'origin'],
    ['404 outside the scope', 'https://b.example/', {answer: status(404)}, 'network'],
    ['401 where no credential is wanted', TILE, {answer: status(401), credential: 'none'}, 'auth'],
    ['403 where no credential is wanted', TILE, {answer: status(403), credential: 'none'}, 'forbidden'],
  ] as const) {
    it(`fails as ${kind} with ${what}`, async () => {
      const {failure} = part(start);
      const error = await failure(url);
      const wanted: RequestErrorKind = kind;
      expect([error.kind, error.status, error.code]).to.deep.equal([wanted, start.answer().status, 'request-failed']);
      expect(error.awaitsSignIn).to.equal(false);
    });
  }

  it('passes on how long a server wants to be left alone', async () => {
    const {failure} = part({answer: status(503, {'retry-after': '120'})});
    expect((await failure()).retryAfter).to.equal(120_000);
  });

  it('tells which layer was blocked', async () => {
    const {request, blocked} = part({layerId: 'pipes'});
    await request('https://b.example/');
    expect(blocked).to.deep.equal([['https://b.example', 'pipes']]);
  });

  it('rejects with the reason of its signal', async () => {
    const reason = new DOMException('gone', 'AbortError');
    expect(await rejection(part().request(TILE, {signal: AbortSignal.abort(reason)}))).to.equal(reason);
  });

  for (const [what, url, options] of [
    ['user info in the URL', `https://ann:${CANARY}@tiles.example/secure/1?t=${CANARY}`, {}],
    ['no URL at all', `https://?${CANARY}`, {}],
    ['a body in a GET', `${TILE}?t=${CANARY}`, {body: CANARY}],
    ['a header that cannot be', `${TILE}?t=${CANARY}`, {headers: {'x-own': `${CANARY}\nx`}}],
    ['a method that cannot be', `${TILE}?t=${CANARY}`, {method: 'CONNECT'}],
  ] as const) {
    it(`says nothing of what it was given when it cannot be made: ${what}`, async () => {
      const {failure, network} = part();
      const error = await failure(url, options);
      expect([error.kind, error.reason]).to.deep.equal(['network', 'invalid-request']);
      expect(everythingIn(error)).not.to.contain(CANARY);
      expect(network.requests).to.have.length(0);
    });
  }
});
