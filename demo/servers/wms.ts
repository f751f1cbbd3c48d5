import type {Canvas} from '@napi-rs/canvas';
import {geoContains} from 'd3-geo';
import {toPng} from './atlas.js';
import type {Atlas} from './atlas.js';
import type {Reply} from './exchange.js';
import type {Window} from './frame.js';
import {drawBoundaries, drawCountryFills, drawLegend} from './render.js';
import {renderCapabilities, WMS_LAYERS} from './wms-capabilities.js';
import type {WmsLayer} from './wms-capabilities.js';
import {WmsError, WmsQuery} from './wms-query.js';
import {pointOf, versionOf, windowOf} from './wms-window.js';
import type {WmsVersion} from './wms-window.js';

/** A Web Map Service of the versions 1.1.1 and 1.3.0. */
export function createWms(atlas: Atlas, url: string): (query: URLSearchParams) => Promise<Reply> {
  return async (parameters) => {
    const query = new WmsQuery(parameters);
    const version = versionOf(query);
    try {
      const request = query.get('REQUEST');
      switch (request.toLowerCase()) {
        case 'getcapabilities':
          return capabilities(version, url);
        case 'getmap':
          return await getMap(atlas, query, version);
        case 'getfeatureinfo':
          return getFeatureInfo(atlas, query, version);
        case 'getlegendgraphic':
          return await getLegendGraphic(query);
        default:
          throw new WmsError('OperationNotSupported', 'REQUEST', `${request} is not an operation of this service.`);
      }
    } catch (error) {
      if (error instanceof WmsError) return renderException(error, version);
      throw error;
    }
  };
}

function capabilities(version: WmsVersion, url: string): Reply {
  const type = version === '1.3.0' ? 'text/xml' : 'application/vnd.ogc.wms_xml';
  return text(`${type}; charset=utf-8`, renderCapabilities(version, url));
}

async function getMap(atlas: Atlas, query: WmsQuery, version: WmsVersion): Promise<Reply> {
  const layers = layersOf(query, 'LAYERS');
  const window = windowOf(query, version);
  const format = query.get('FORMAT').toLowerCase();
  const styles = (query.find('STYLES') ?? '').split(',');
  const unknown = styles.find((name) => name !== '' && name !== 'default');
  if (unknown !== undefined) throw new WmsError('StyleNotDefined', 'STYLES', `Style ${unknown} is not defined.`);

  const transparent = query.find('TRANSPARENT')?.toLowerCase() === 'true' && format !== 'image/jpeg';
  const background = transparent ? undefined : colourOf(query.find('BGCOLOR') ?? '0xFFFFFF');
  const picture = drawLayers(atlas, layers, window, background);
  if (format === 'image/jpeg') {
    return {status: 200, headers: {'content-type': format}, body: await picture.encode('jpeg', 85)};
  }
  if (!/^image\/png\b/u.test(format)) throw new WmsError('InvalidFormat', 'FORMAT', `Format ${format} is not offered.`);
  return png(picture);
}

function drawLayers(atlas: Atlas, layers: readonly WmsLayer[], window: Window, background?: string): Canvas {
  const world = atlas.forWindow(window);
  const draw = {boundaries: drawBoundaries, countries: drawCountryFills};
  const [first, ...others] = layers.map(({name}) => name);
  const canvas = draw[first ?? 'boundaries'](world, window, background);
  for (const name of others) canvas.getContext('2d').drawImage(draw[name](world, window), 0, 0);
  return canvas;
}

function getFeatureInfo(atlas: Atlas, query: WmsQuery, version: WmsVersion): Reply {
  layersOf(query, 'QUERY_LAYERS');
  const window = windowOf(query, version);
  const format = query.find('INFO_FORMAT') ?? 'application/json';
  if (format !== 'application/json') {
    throw new WmsError('InvalidFormat', 'INFO_FORMAT', `Format ${format} is not offered.`);
  }
  const point = pointOf(query, version, window);
  const hit = atlas.fine().countries.filter(({shape}) => geoContains(shape, point));
  const features = hit.map(({id, name}) => ({
    type: 'Feature',
    id,
    properties: {name},
    geometry: {type: 'Point', coordinates: point},
  }));
  return text('application/json', JSON.stringify({type: 'FeatureCollection', features}));
}

async function getLegendGraphic(query: WmsQuery): Promise<Reply> {
  const [layer] = layersOf(query, 'LAYER');
  if (layer === undefined) throw new WmsError('LayerNotDefined', 'LAYER', 'No layer is named.');
  return png(drawLegend(layer.name, layer.title));
}

function layersOf(query: WmsQuery, parameter: string): readonly WmsLayer[] {
  return query.list(parameter).map((name) => {
    const layer = WMS_LAYERS.find((candidate) => candidate.name === name);
    if (layer === undefined) throw new WmsError('LayerNotDefined', parameter, `Layer ${name} is not defined.`);
    return layer;
  });
}

function colourOf(value: string): string {
  const digits = /^0x([\da-f]{6})$/iu.exec(value)?.[1];
  if (digits === undefined) throw new WmsError('InvalidParameterValue', 'BGCOLOR', 'BGCOLOR must be 0xRRGGBB.');
  return `#${digits}`;
}

/** With status 200, as most servers in the field answer: clients must look at the body. */
function renderException(error: WmsError, version: WmsVersion): Reply {
  const message = error.message.replace(/[&<>]/gu, (character) => `&#${character.charCodeAt(0)};`);
  const exception = `<ServiceException code="${error.code}" locator="${error.locator}">${message}</ServiceException>`;
  if (version === '1.3.0') {
    return text(
      'text/xml; charset=utf-8',
      `<?xml version="1.0" encoding="UTF-8"?>\n<ServiceExceptionReport version="1.3.0" xmlns="http://www.opengis.net/ogc">${exception}</ServiceExceptionReport>\n`,
    );
  }
  return text(
    'application/vnd.ogc.se_xml; charset=utf-8',
    `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">\n<ServiceExceptionReport version="1.1.1">${exception}</ServiceExceptionReport>\n`,
  );
}

async function png(canvas: Canvas): Promise<Reply> {
  return {status: 200, headers: {'content-type': 'image/png'}, body: await toPng(canvas)};
}

function text(type: string, body: string): Reply {
  return {status: 200, headers: {'content-type': type}, body};
}
