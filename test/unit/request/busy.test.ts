import {expect} from '@open-wc/testing';
import {settled} from '../../doubles/test-environment.js';
import {setUp, TILE} from './setup.js';

const busy = (status: number, retryAfter?: string) => (): Response =>
  new Response('busy', {status, headers: retryAfter === undefined ? {} : {'retry-after': retryAfter}});

describe('a busy server', () => {
  for (const status of [429, 503]) {
    it(`that answers ${status} is asked again when it says, and not before`, async () => {
      const {ask, network, environment, source} = setUp();
      network.step = (_, count) => (count === 1 ? busy(status, '17')() : new Response('fine'));
      const asked = ask(TILE, {method: 'POST', body: 'x'});
      while (environment.pending.timers === 0) await settled();
      await environment.pass(16_999);
      expect(network.sent).to.have.length(1);
      await environment.pass(1);
      expect((await asked).response.status).to.equal(200);
      expect(await network.sent[1]?.text()).to.equal('x');
      expect(network.credentials).to.deep.equal(['Bearer t1', 'Bearer t1']);
      expect(source.asked).to.have.length(1);
    });
  }

  it('is asked three times at most, after 1 and 2 seconds when it does not say', async () => {
    const {status, network, environment} = setUp({answer: busy(503)});
    const asked = status();
    while (environment.pending.timers === 0) await settled();
    await environment.pass(999);
    expect(network.sent).to.have.length(1);
    await environment.pass(1);
    expect(network.sent).to.have.length(2);
    while (environment.pending.timers === 0) await settled();
    await environment.pass(2_000);
    expect(await asked).to.equal(503);
    expect(network.sent).to.have.length(3);
  });

  it('is waited for until a date', async () => {
    const {ask, network, environment} = setUp();
    network.step = (_, count) => (count === 1 ? busy(429, 'Sun, 01 Nov 2026 00:00:20 GMT')() : new Response('fine'));
    const asked = ask();
    while (environment.pending.timers === 0) await settled();
    await environment.pass(19_999);
    expect(network.sent).to.have.length(1);
    await environment.pass(1);
    expect((await asked).response.status).to.equal(200);
  });

  for (const wait of ['31', '86400', '99999999999999999999', 'Mon, 01 Nov 2027 00:00:00 GMT']) {
    it(`that wants to be left alone for long gets its wish: ${wait}`, async () => {
      const {status, network, environment} = setUp({answer: busy(429, wait)});
      expect(await status()).to.equal(429);
      expect(network.sent).to.have.length(1);
      expect(environment.pending.timers).to.equal(0);
    });
  }

  for (const status of [500, 502, 504, 404]) {
    it(`is not what ${status} means`, async () => {
      const {network, ...rest} = setUp({answer: busy(status, '1')});
      expect(await rest.status()).to.equal(status);
      expect(network.sent).to.have.length(1);
    });
  }

  it('is met the same way outside the scope', async () => {
    const {ask, network, environment} = setUp();
    network.step = (_, count) => (count === 1 ? busy(503, '0')() : new Response('fine'));
    const asked = ask('https://b.example/');
    while (network.sent.length < 2) await environment.pass(0);
    expect((await asked).response.status).to.equal(200);
    expect(network.credentials).to.deep.equal([null, null]);
  });
});
