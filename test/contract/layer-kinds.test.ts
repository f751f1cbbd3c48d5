import {browserEnvironment} from '../../src/element/browser-environment.js';
import {expect} from '@open-wc/testing';
import {toJsonSchema} from '@valibot/to-json-schema';
import {parseLayers, type ParsedLayer} from '../../src/config/parse-layers.js';
import {LayersController} from '../../src/element/layers-controller.js';
import type {LayerKind} from '../../src/layers/layer-kind.js';
import {createLayer, isLayerType, layerTypes, loadLayerKind} from '../../src/layers/registry.js';
import {RequestError, type RequestErrorKind} from '../../src/request/request-error.js';
import {countBitmaps} from '../doubles/counted-bitmaps.js';
import {layerProblems} from '../doubles/layer-problems.js';
import {pageMap, type PageMap} from '../doubles/page-map.js';
import {ScriptedServer} from '../doubles/scripted-server.js';
import {authorizedSuite} from './authorized.js';
import {layerFixtures, type LayerFixture} from './fixtures.js';
import {ContractTable} from './table.js';

const refusal = (kind: RequestErrorKind, status?: number, reason?: string) => (url: string) =>
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

const requiredOf = ({schema}: LayerKind): string[] => {
  const {oneOf, required} = toJsonSchema(schema, {ignoreActions: ['finite', 'check']});
  const [first] = oneOf ?? [];
  const names = required ?? (typeof first === 'object' ? first.required : undefined) ?? [];
  return names.filter((name) => name !== 'type');
};

const table = new ContractTable();

describe('every layer kind', () => {
  it('has a fixture', () => expect(Object.keys(layerFixtures).sort()).to.eql(layerTypes.toSorted()));
});

for (const [type, fixtures] of Object.entries(layerFixtures)) {
  for (const fixture of fixtures) suite(`${type} ${JSON.stringify(fixture.config)}`, fixture);
}

after(() => console.log(`Checks that hold for each layer kind\n${String(table)}`));

function suite(name: string, {config, answer, view}: LayerFixture): void {
  describe(`the layer kind ${name}`, () => {
    let server: ScriptedServer;
    let page: PageMap;
    let layers: LayersController;
    let parsed: readonly ParsedLayer[];
    let heard: {starts: number; ends: number; readonly errors: RequestError[]};

    beforeEach(async () => {
      server = new ScriptedServer(answer);
      page = pageMap([], view);
      heard = {starts: 0, ends: 0, errors: []};
      layers = new LayersController({
        map: page.map,
        createLayer,
        contextFor: (_config, _id, baseUrl, signal) => ({
          request: server.request,
          isPublic: () => false,
          mayFollow: () => true,
          inTurn: (_url, _signal, task) => task(),
          share: (_key, work) => work(signal),
          clock: browserEnvironment,
          baseUrl,
          projection: page.map.getView().getProjection().getCode(),
        }),
        onChange: () => undefined,
        onLoadStart: () => (heard.starts += 1),
        onLoadEnd: () => (heard.ends += 1),
        onLayerError: (_id, error) => heard.errors.push(error),
        onProblem: (error) => {
          throw error;
        },
      });
      ({layers: parsed} = await parseLayers([config]));
    });
    afterEach(function () {
      table.note(config.type, this.currentTest?.title ?? '', this.currentTest?.state === 'passed');
      layers.suspend();
      page.remove();
    });
    const show = async (): Promise<void> => {
      await layers.replaceAll('page', parsed, 'https://maps.example/config/');
      await page.rendered();
    };
    /** Whatever it takes after the service could not be asked: the layer is made first, then drawn. */
    const shownAgain = async (): Promise<void> => {
      await layers.settled();
      await page.rendered();
    };

    it('is what the schema takes, with every required field', async () => {
      expect(parsed[0]?.config).to.eql(config);
      const kind = isLayerType(config.type) ? await loadLayerKind(config.type) : undefined;
      for (const field of kind ? requiredOf(kind) : []) {
        const without = Object.fromEntries(Object.entries(config).filter(([key]) => key !== field));
        expect((await layerProblems(without)).join(), field)
          .to.include(`${field}: `)
          .and.to.include('required');
      }
    });

    authorizedSuite({config, answer, view}, () => parsed);

    it('sends every request through the request of the map, and says when it loads', async () => {
      const watch = watchForStrays();
      await show();
      expect(server.asked).not.to.eql([]);
      expect(server.count('answered')).to.equal(server.asked.length);
      expect(watch.strays).to.eql([]);
      expect(heard.errors).to.eql([]);
      expect(heard.starts).to.equal(heard.ends);
      expect(heard.starts).to.be.above(0);
      watch.restore();
    });

    it('aborts everything on removal, frees it, and says nothing more', async () => {
      const bitmaps = countBitmaps();
      await show();
      server.hold();
      server.forget();
      layers.reset();
      await server.got(1);
      await page.framed();
      const waiting = server.count('waiting');
      await layers.replaceAll('page', [], '');
      expect(waiting).to.equal(server.asked.length);
      expect(server.count('aborted')).to.equal(waiting);
      server.release();
      await page.framed();
      expect(server.count('answered')).to.equal(0);
      expect(bitmaps.open).to.equal(0);
      expect(page.map.getListeners('postrender') ?? []).to.eql([]);
      expect(heard.errors).to.eql([]);
      expect(heard.starts).to.equal(heard.ends);
      bitmaps.restore();
    });

    it('asks for everything anew for another visitor, once', async () => {
      await show();
      const first = server.tally();
      server.forget();
      layers.reset();
      await shownAgain();
      expect(server.tally()).to.eql(first);
    });

    for (const [what, kind, status, reply] of [
      ['401', 'auth', 401, refusal('auth', 401)],
      ['403', 'forbidden', 403, refusal('forbidden', 403)],
      ['500', 'network', 500, refusal('network', 500)],
      ['a web page', 'format', undefined, async () => new Response('<!doctype html><title>Sign in</title>')],
      ['an exception report', 'ogc', undefined, async () => new Response(exception)],
      ['an answer that may not be read', 'cors', undefined, refusal('cors')],
      ['a dead network', 'network', undefined, () => new TypeError('Failed to fetch')],
    ] as const) {
      it(`reports ${what}, once for each request, and loads by retry()`, async () => {
        server.answer = reply;
        await show();
        const count = server.asked.length;
        expect(count).to.be.above(0);
        expect(heard.errors.map((error) => `${error.kind} ${error.status}`)).to.eql(
          Array(count).fill(`${kind} ${status}`),
        );
        for (const {url, message} of heard.errors) expect(`${url} ${message}`).not.to.match(/\?\w/);
        expect(heard.starts).to.equal(heard.ends);
        const failed = [...server.tally().keys()];
        server.forget();
        server.answer = answer;
        layers.retry();
        await shownAgain();
        for (const url of failed) expect(server.tally().get(url), url).to.equal(1);
        expect(server.count('answered')).to.equal(server.asked.length);
        expect(heard.errors).to.have.length(count);
      });
    }

    it('asks for nothing by retry() when nothing failed', async () => {
      await show();
      const count = server.asked.length;
      layers.retry();
      await page.rendered();
      expect(server.asked).to.have.length(count);
    });

    it('reports nothing while the visitor has to sign in, and loads afterwards', async () => {
      server.answer = refusal('auth', 401, 'sign-in-required');
      await show();
      expect(heard.errors).to.eql([]);
      server.forget();
      server.answer = answer;
      layers.retry();
      await shownAgain();
      expect(server.asked).not.to.eql([]);
      expect(server.count('answered')).to.equal(server.asked.length);
    });
  });
}
