import GPX from 'ol/format/GPX.js';
import * as v from 'valibot';
import {RequestError} from '../request/request-error.js';
import {readXml} from '../request/read-xml.js';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {absoluteUrl} from './layer-options.js';
import {url} from './url-fields.js';
import {flatStyle} from './vector/flat-style.js';
import {createVectorLayer} from './vector/vector-layer.js';

const schema = layerFields('gpx', {url, style: v.optional(flatStyle)});

/** Waypoints, routes and tracks of a GPX file. */
export const gpx: LayerKind<typeof schema> = {
  schema,
  create(config, context) {
    const from = absoluteUrl(config.url, context.baseUrl).href;
    return createVectorLayer(config, context, {
      url: from,
      strategy: 'all',
      async load({request, add, projection}) {
        const document = await readXml(await request(from), from);
        const {localName} = document.documentElement;
        if (localName !== 'gpx')
          throw new RequestError(`This is not GPX: the document is a <${localName.slice(0, 40)}>`, {
            kind: 'format',
            url: from,
          });
        add(new GPX().readFeatures(document, {featureProjection: projection}));
      },
    });
  },
};
