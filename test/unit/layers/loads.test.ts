import {expect} from '@open-wc/testing';
import {createLoads} from '../../../src/layers/loads.js';
import {RequestError} from '../../../src/request/request-error.js';
import {recordedContext} from '../../doubles/recorded-context.js';

const url = 'https://maps.example/tile?token=secret';
const context = (): ReturnType<typeof recordedContext> =>
  recordedContext(() => Promise.reject(new Error('nothing is asked for here')));

describe('loads', () => {
  it('begin with the first and end with the last', async () => {
    const {heard, ...rest} = context();
    const loads = createLoads(rest);
    const {signal} = new AbortController();
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const all = [loads.during(signal, () => first.promise), loads.during(signal, () => second.promise)];
    first.resolve();
    await all[0];
    expect(heard).to.include({starts: 1, ends: 0});
    second.resolve();
    await all[1];
    expect(heard).to.include({starts: 1, ends: 1});
  });

  it('end with an abort, even of a request that never settles, and once', async () => {
    const {heard, ...rest} = context();
    const controller = new AbortController();
    const hung = Promise.withResolvers<void>();
    const loading = createLoads(rest).during(controller.signal, () => hung.promise);
    controller.abort();
    expect(heard).to.include({starts: 1, ends: 1});
    hung.resolve();
    await loading;
    expect(heard).to.include({starts: 1, ends: 1});
  });

  it('tell of failures as request errors, without the query', () => {
    const {heard, ...rest} = context();
    const loads = createLoads(rest);
    const forbidden = new RequestError('no', {kind: 'forbidden', status: 403, url});
    loads.report(forbidden, url);
    loads.report(new TypeError('Failed to fetch'), url);
    loads.report(new RangeError('what'), url);
    expect(heard.errors[0]).to.equal(forbidden);
    expect(heard.errors.map(({kind}) => kind)).to.eql(['forbidden', 'network', 'format']);
    expect(heard.errors.map((error) => `${error.url} ${error.message}`).join()).not.to.include('secret');
  });

  it('keep silent about aborts, and while the visitor has to sign in', () => {
    const {heard, ...rest} = context();
    const loads = createLoads(rest);
    loads.report(new DOMException('', 'AbortError'), url);
    loads.report(new RequestError('', {kind: 'auth', reason: 'sign-in-required', url}), url);
    expect(heard.errors).to.eql([]);
    loads.report(new RequestError('', {kind: 'auth', status: 401, url}), url);
    expect(heard.errors).to.have.length(1);
  });
});
