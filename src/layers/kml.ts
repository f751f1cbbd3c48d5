import * as v from 'valibot';
import {readBody} from '../request/read-body.js';
import {readImage} from '../request/read-image.js';
import {RequestError} from '../request/request-error.js';
import {readXml} from '../request/read-xml.js';
import {advertisedUrl} from './advertised.js';
import {layerFields} from './common-fields.js';
import {iconAddresses, readKml} from './features/read-kml.js';
import type {LayerContext, LayerKind} from './layer-kind.js';
import {absoluteUrl} from './layer-options.js';
import {url} from './url-fields.js';
import {flatStyle} from './vector/flat-style.js';
import {keepIcons, type IconKeeper} from './vector/keep-icons.js';
import type {FeatureQuery} from './vector/feature-query.js';
import {createVectorLayer} from './vector/vector-layer.js';

const schema = layerFields('kml', {
  url,
  /** In the place of the looks that the document gives to its features. */
  style: v.optional(flatStyle),
});

/** All of them are kept, decoded. */
const mostIcons = 500;

const wrong = (message: string, at: string): RequestError => new RequestError(message, {kind: 'format', url: at});

const readDocument = async (response: Response, at: string): Promise<Document> => {
  const chunks = await readBody(response, at);
  if (chunks[0]?.[0] === 0x50 && chunks[0][1] === 0x4b)
    throw wrong('This is KMZ (zipped KML), which is not supported: give the address of the KML that is in it', at);
  const document = await readXml(new Response(new Blob(chunks), {headers: response.headers}), at);
  const {localName} = document.documentElement;
  if (localName !== 'kml') throw wrong(`This is not KML: the document is a <${localName.slice(0, 40)}>`, at);
  return document;
};

/** Those that may not be asked for, or are not to be had, are told; their features get the plain sign. */
const loadIcons = async (
  document: Document,
  at: string,
  icons: IconKeeper,
  context: LayerContext,
  {request, signal, tell}: FeatureQuery,
): Promise<void> => {
  const addresses = iconAddresses(document);
  const loads = addresses.slice(0, mostIcons).map(async (address) => {
    const href = advertisedUrl(address, at, context);
    const image = await context.inTurn(href, signal, async () => readImage(await request(href), href, signal));
    icons.keep(address, image);
  });
  const outcomes = await Promise.allSettled(loads);
  signal.throwIfAborted();
  const failure: unknown = outcomes.find(({status}) => status === 'rejected');
  const {reason} = (failure ?? {}) as {reason?: unknown};
  if (reason instanceof RequestError) tell(reason);
  else if (addresses.length > mostIcons) tell(wrong(`The KML has more than ${mostIcons} icons`, at));
  else if (failure) tell(wrong('An icon that the KML names cannot be shown', at));
};

/** Features of a KML document, with the looks that it gives them. */
export const kml: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const from = absoluteUrl(config.url, context.baseUrl).href;
    let icons = keepIcons();
    const handle = await createVectorLayer(config, context, {
      url: from,
      strategy: 'all',
      async load(query) {
        const document = await readDocument(await query.request(from), from);
        const own = keepIcons();
        const given = icons;
        icons = own;
        given.dispose();
        if (!config.style) await loadIcons(document, from, own, context, query);
        query.add(readKml(document, query.projection, own, !config.style));
        if (document.getElementsByTagNameNS('*', 'NetworkLink').length > 0)
          query.tell(wrong('The KML names other documents (NetworkLink), which are not loaded', from));
      },
    });
    return {
      ...handle,
      dispose() {
        handle.dispose();
        icons.dispose();
      },
    };
  },
};
