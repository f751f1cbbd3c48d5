import {expect} from '@open-wc/testing';
import {toJsonSchema} from '@valibot/to-json-schema';
import * as v from 'valibot';
import type {LayerHandle, LayerKind} from '../../src/layers/layer-kind.js';
import {createLayer, layerKinds, layerSchema} from '../../src/layers/registry.js';
import {RequestError, type RequestErrorKind} from '../../src/request/request-error.js';
import {countBitmaps} from '../doubles/counted-bitmaps.js';
import {layerProblems} from '../doubles/layer-problems.js';
import {pageMap, type PageMap} from '../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../doubles/recorded-context.js';
import {ScriptedServer} from '../doubles/scripted-server.js';
import {layerFixtures, type LayerFixture} from './fixtures.js';

const refusal = (kind: RequestErrorKind, status: number, reason?: string) => (url: string) =>
  new RequestError(`status ${status}`, {kind, status, url, reason});

const exception = '<ServiceExceptionReport><ServiceException>No such layer</ServiceException></ServiceExceptionReport>';

/** Watches the ways in which a page can ask for something behind the back of the map's request. */
const watchForStrays = (): {readonly strays: readonly string[]; restore(): void} => {
  const strays: string[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const {name} of list.getEntries()) if (!name.startsWith(location.origin)) strays.push(name);
  });
  observer.observe({type: 'resource'});
  return {
    get strays() {
      const pending = observer.takeRecords().map(({name}) => name);
      return [...strays, ...pending.filter((name) => !name.startsWith(location.origin))];
    },
    restore: () => observer.disconnect(),
  };
};

const requiredOf = (kind: LayerKind): string[] => {
  const {oneOf, required} = toJsonSchema(kind.schema);
  const [first] = oneOf ?? [];
  const names = required ?? (typeof first === 'object' ? first.required : undefined) ?? [];
  return names.filter((name) => name !== 'type');
};

describe('every layer kind', () => {
  it('has a fixture', () => expect(Object.keys(layerFixtures).sort()).to.eql(Object.keys(layerKinds).sort()));
});

for (const [type, fixtures] of Object.entries(layerFixtures)) {
  for (const fixture of fixtures)
    suite(`${type} ${JSON.stringify(fixture.config)}`, type as keyof typeof layerKinds, fixture);
}

function suite(name: string, type: keyof typeof layerKinds, {config, answer, view}: LayerFixture): void {
  describe(`the layer kind ${name}`, () => {
    let server: ScriptedServer;
    let context: RecordedContext;
    let handle: LayerHandle;
    let page: PageMap;

    beforeEach(async () => {
      server = new ScriptedServer(answer);
      context = recordedContext(server.request);
      handle = await createLayer(config, context);
    });
    afterEach(() => {
      handle.dispose();
      page.remove();
    });
    const show = async (): Promise<void> => {
      page = pageMap([handle.layer], view);
      await page.rendered();
    };

    it('is what the schema takes, with every required field', () => {
      page = pageMap([]);
      expect(v.parse(layerSchema, config)).to.eql(config);
      for (const field of requiredOf(layerKinds[type])) {
        const without = Object.fromEntries(Object.entries(config).filter(([key]) => key !== field));
        expect(layerProblems(without).join(), field).to.include(`${field}: `).and.to.include('required');
      }
    });

    it('sends every request through the request of the map, and says when it loads', async () => {
      const watch = watchForStrays();
      await show();
      expect(server.asked).not.to.eql([]);
      expect(server.count('answered')).to.equal(server.asked.length);
      expect(watch.strays).to.eql([]);
      expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
      watch.restore();
    });

    it('aborts everything on dispose(), frees it, and says nothing more', async () => {
      const bitmaps = countBitmaps();
      page = pageMap([handle.layer], view);
      await page.rendered();
      server.hold();
      server.forget();
      handle.reset();
      await server.got(1);
      await page.framed();
      handle.dispose();
      expect(server.count('aborted')).to.equal(server.asked.length);
      server.release();
      await page.framed();
      expect(server.count('answered')).to.equal(0);
      expect(bitmaps.open).to.equal(0);
      expect(page.map.getListeners('postrender') ?? []).to.eql([]);
      expect(context.heard).to.eql({starts: 2, ends: 2, errors: []});
      bitmaps.restore();
    });

    it('asks for everything anew after reset(), once', async () => {
      await show();
      const first = server.tally();
      server.forget();
      handle.reset();
      await page.rendered();
      expect(server.tally()).to.eql(first);
    });

    for (const [what, kind, status, reply] of [
      ['401', 'auth', 401, refusal('auth', 401)],
      ['403', 'forbidden', 403, refusal('forbidden', 403)],
      ['500', 'network', 500, refusal('network', 500)],
      ['a web page', 'format', undefined, async () => new Response('<!doctype html><title>Sign in</title>')],
      ['an exception report', 'ogc', undefined, async () => new Response(exception)],
      ['a dead network', 'network', undefined, () => new TypeError('Failed to fetch')],
    ] as const) {
      it(`reports ${what}, once for each request, and loads by retry()`, async () => {
        server.answer = reply;
        await show();
        const count = server.asked.length;
        expect(context.heard.errors.map((error) => `${error.kind} ${error.status}`)).to.eql(
          Array(count).fill(`${kind} ${status}`),
        );
        for (const {url, message} of context.heard.errors) expect(`${url} ${message}`).not.to.match(/\?\w/);
        expect(context.heard.starts).to.equal(context.heard.ends);
        const asked = server.tally();
        server.forget();
        server.answer = answer;
        handle.retry();
        await page.rendered();
        expect(server.tally()).to.eql(asked);
        expect(server.count('answered')).to.equal(count);
        expect(context.heard.errors).to.have.length(count);
      });
    }

    it('asks for nothing by retry() when nothing failed', async () => {
      await show();
      const count = server.asked.length;
      handle.retry();
      await page.rendered();
      expect(server.asked).to.have.length(count);
    });

    it('reports nothing while the visitor has to sign in, and loads afterwards', async () => {
      server.answer = refusal('auth', 401, 'sign-in-required');
      await show();
      expect(context.heard.errors).to.eql([]);
      server.forget();
      server.answer = answer;
      handle.retry();
      await page.rendered();
      expect(server.asked).not.to.eql([]);
      expect(server.count('answered')).to.equal(server.asked.length);
    });
  });
}
