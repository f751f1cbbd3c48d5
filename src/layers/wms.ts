import {toSize} from 'ol/size.js';
import type {TileCoord} from 'ol/tilecoord.js';
import {getForProjection} from 'ol/tilegrid.js';
import * as v from 'valibot';
import {layerFields} from './common-fields.js';
import {RequestError} from '../request/request-error.js';
import type {LayerHandle, LayerKind} from './layer-kind.js';
import {projectionOf} from './layer-options.js';
import {createTileLayer} from './raster/tile-layer.js';
import {url} from './url-fields.js';
import {getMapUrls, type WmsView} from './wms/get-map-url.js';
import type {System} from './wms/known-system.js';

const names = (message: string) => v.union([v.string(), v.array(v.string())], message);

const schema = layerFields('wms', {
  /** The service; a query that it needs may be in it. */
  url,
  layers: names('must be the name of a layer of the service, or a list of names'),
  styles: v.optional(names('must be the name of a style, or a list with one for each layer')),
  format: v.optional(v.string('must be a media type, like "image/png"')),
  version: v.optional(v.picklist(['1.1.0', '1.1.1', '1.3.0'], 'must be "1.1.0", "1.1.1" or "1.3.0"')),
  /** More parameters for every request. */
  params: v.optional(
    v.record(
      v.string(),
      v.union([v.string(), v.number(), v.boolean()], 'must be a text, a number, true or false'),
      'must be an object with the names and values of parameters',
    ),
  ),
  /** One image for the whole view instead of tiles. */
  single: v.optional(v.boolean('must be true or false')),
  time: v.optional(v.string('must be a text as the service wants it for TIME, like "2024-05-01"')),
});

const joined = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'object' ? value.join(',') : value;

const toView = (extent: readonly number[], [width = 0, height = 0]: readonly number[], system: System): WmsView => ({
  extent,
  width,
  height,
  crs: system.name,
  axes: system.projection.getAxisOrientation(),
});

/** What every service is thought to know, until it says otherwise. */
const usual = /^EPSG:(?:3857|4326)$/;
const unknownSystem = /^Invalid[CS]RS$/;

/** Maps drawn by an OGC Web Map Service. */
export const wms: LayerKind<typeof schema> = {
  schema,
  async create(config, context): Promise<LayerHandle> {
    const request = {...config, layers: joined(config.layers) ?? '', styles: joined(config.styles)};
    const getMapUrl = getMapUrls(request, context.baseUrl);
    const view = await projectionOf(context.projection);
    const suitable = async (isViewRefused: boolean): Promise<System | undefined> => {
      const {systemFor} = await import('./wms/system-for.js');
      return systemFor(request, context, view, isViewRefused);
    };
    const isUsual = usual.test(view.getCode());
    let system: System = (isUsual ? undefined : await suitable(false)) ?? {name: view.getCode(), projection: view};

    const tiles = (of: System) => {
      const {projection} = of;
      const tileGrid = getForProjection(projection);
      return {
        projection,
        tileGrid,
        tileUrl: (tileCoord: TileCoord): string =>
          getMapUrl(
            toView(tileGrid.getTileCoordExtent(tileCoord), toSize(tileGrid.getTileSize(tileCoord[0] ?? 0)), of),
          ),
      };
    };
    const pictures = (of: System) => ({
      ...(of.projection === view ? {} : {projection: of.projection}),
      imageUrl: (extent: readonly number[], size: readonly number[]): string => getMapUrl(toView(extent, size, of)),
    });

    let change: Promise<System | undefined> | undefined;
    let use: (next: System) => void = () => undefined;
    /** The first picture that is refused for its system finds another one; none is told of before that is tried. */
    const failed = (error: unknown, _url: string, report: () => void): void => {
      const isRefused = error instanceof RequestError && unknownSystem.test(error.reason ?? '');
      if (!isRefused || system.projection !== view) return report();
      change ??= suitable(true).then((next) => {
        if (next) use((system = next));
        return next;
      });
      change
        .then((next) => {
          if (!next) throw error;
        })
        .catch(() => {
          // By a retry it is looked for again.
          change = undefined;
          report();
        });
    };

    const handle: LayerHandle = await (async () => {
      if (config.single) {
        const {createImageLayer} = await import('./raster/image-layer.js');
        const made = createImageLayer(config, context, {...pictures(system), failed});
        use = (next) => made.replace(pictures(next));
        return made;
      }
      const made = createTileLayer(config, context, {...tiles(system), failed});
      use = (next) => made.replace(tiles(next));
      return made;
    })();
    return {
      ...handle,
      isPersonal: !isUsual,
      dispose() {
        use = () => undefined;
        handle.dispose();
      },
      identify: async (place, signal) =>
        (await import('./wms/wms-identify.js')).wmsIdentify(request, system, context, place, signal),
      legend: async (signal) => (await import('./wms/wms-legend.js')).wmsLegend(request, context, signal),
    };
  },
};
