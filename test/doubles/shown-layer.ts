import type Feature from 'ol/Feature.js';
import type {ViewOptions} from 'ol/View.js';
import Point from 'ol/geom/Point.js';
import type VectorLayer from 'ol/layer/Vector.js';
import {toLonLat} from 'ol/proj.js';
import type {LayerContext, LayerHandle} from '../../src/layers/layer-kind.js';
import {createLayer, type LayerConfig} from '../../src/layers/registry.js';
import {pageMap, type PageMap} from './page-map.js';
import {recordedContext, type RecordedContext} from './recorded-context.js';
import {ScriptedServer} from './scripted-server.js';

/** A layer of features on a map in the page, with what its server was asked. */
export interface ShownLayer {
  readonly handle: LayerHandle;
  readonly page: PageMap;
  readonly server: ScriptedServer;
  readonly context: RecordedContext;
  readonly features: () => Feature[];
  /** Longitude and latitude of each point, to four decimals. */
  readonly points: () => readonly (readonly number[])[];
  /** What was told, as `kind: words`. */
  readonly told: () => readonly string[];
  /** Queries of the requests whose URL has this in it. */
  readonly queries: (part: string) => readonly URLSearchParams[];
  remove(): void;
}

export const showLayer = async (
  config: LayerConfig,
  answer: ScriptedServer['answer'],
  {view = {center: [0, 0], zoom: 1}, ...overrides}: Partial<LayerContext> & {view?: ViewOptions} = {},
): Promise<ShownLayer> => {
  const server = new ScriptedServer(answer);
  const context = recordedContext(server.request, overrides);
  const handle = await createLayer(config, context);
  const page = pageMap([handle.layer], view);
  await page.rendered();
  const features = (): Feature[] => (handle.layer as VectorLayer).getSource()?.getFeatures() ?? [];
  return {
    handle,
    page,
    server,
    context,
    features,
    points: () =>
      features().map((feature) => {
        const geometry = feature.getGeometry();
        const place = geometry instanceof Point ? toLonLat(geometry.getCoordinates()) : [];
        return place.slice(0, 2).map((each) => Math.round(each * 1e4) / 1e4);
      }),
    told: () => context.heard.errors.map(({kind, message}) => `${kind}: ${message}`),
    queries: (part) => server.asked.filter(({url}) => url.includes(part)).map(({url}) => new URL(url).searchParams),
    remove() {
      handle.dispose();
      page.remove();
    },
  };
};
