import * as v from 'valibot';
import {advertisedUrl} from './advertised.js';
import type {Identify} from './around.js';
import {layerFields} from './common-fields.js';
import {infoFormat, readFeatureInfo} from './feature-info/read-feature-info.js';
import type {LayerKind} from './layer-kind.js';
import {absoluteUrl} from './layer-options.js';
import {createTileLayer} from './raster/tile-layer.js';
import {limitZoomOut} from './service/coarsest.js';
import {describe} from './service/describe.js';
import {loadLegend} from './service/load-legend.js';
import {placeInTile} from './service/place-in-tile.js';
import {url} from './url-fields.js';
import {capabilitiesUrl, readWmts} from './wmts/capabilities.js';
import {chooseWmts} from './wmts/choose.js';
import {matrixGrid} from './wmts/matrix-grid.js';
import {infoUrls, tileUrls} from './wmts/resource-urls.js';

const identifier = (of: string) => v.optional(v.string(`must be the identifier of a ${of} of the service`));

const schema = layerFields('wmts', {
  /** The service, or its capabilities document. */
  url,
  /** Needed when the service has several. */
  layer: identifier('layer'),
  /** Default: one of the view's projection, else one that can be reprojected. */
  matrixSet: identifier('tile matrix set'),
  style: identifier('style'),
  format: v.optional(v.string('must be a media type, like "image/png"')),
  dimensions: v.optional(
    v.record(v.string(), v.string('must be a text'), 'must be an object with the names and values of dimensions'),
  ),
});

/** Maps in tiles of an OGC Web Map Tile Service, as its capabilities describe them. */
export const wmts: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const service = await describe(
      context,
      capabilitiesUrl(absoluteUrl(config.url, context.baseUrl).href),
      'wmts',
      readWmts,
    );
    const choice = await chooseWmts(service, config, context.projection);
    const {projection, style} = choice;
    const {tileGrid, matrixId} = matrixGrid(service, choice);
    const urls = tileUrls(service, choice, context);
    const handle = createTileLayer(config, context, {
      projection,
      tileGrid,
      tileUrl: ([z = 0, TileCol = 0, TileRow = 0]) => urls({TileMatrix: matrixId(z), TileRow, TileCol}),
    });
    limitZoomOut(handle, config, context.projection, {projection, tileGrid});

    const format = infoFormat(service.infoFormats(choice.layerId));
    const canTell =
      format !== undefined
      && (service.kvp('GetFeatureInfo') !== undefined
        || choice.layer.ResourceURL?.some(({resourceType}) => resourceType === 'FeatureInfo'));
    const identify: Identify = async (place, signal) => {
      const {tileCoord, column, row} = placeInTile(place, projection, tileGrid);
      const [z = 0, TileCol = 0, TileRow = 0] = tileCoord;
      const at = {TileMatrix: matrixId(z), TileRow, TileCol, I: column, J: row};
      const asked = infoUrls(service, choice, context, format)?.(at);
      return asked ? readFeatureInfo(await context.request(asked, {signal}), asked, place.projection) : [];
    };
    const pictures = (style?.LegendURL ?? []).filter(({href}) => href);
    const picture = pictures.find((each) => /^image\/(?!tiff)/.test(each.format ?? 'image/png')) ?? pictures[0];
    return {
      ...handle,
      isPersonal: true,
      identify: canTell ? identify : undefined,
      legend: picture
        ? async (signal) => [
            await loadLegend(context, advertisedUrl(picture.href ?? '', service.url, context), style?.Title, signal),
          ]
        : undefined,
    };
  },
};
