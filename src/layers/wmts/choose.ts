import {equivalent} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import {RequestError} from '../../request/request-error.js';
import {projectionCode, registered} from '../projections/projection-code.js';
import {projectionOf} from '../projections/projection-of.js';
import {notAmong} from '../service/allowed.js';
import type {MatrixSet, MatrixSetLink, WmtsLayer, WmtsService, WmtsStyle} from './capabilities.js';

export interface WmtsWishes {
  readonly layer?: string | undefined;
  readonly matrixSet?: string | undefined;
  readonly style?: string | undefined;
  readonly format?: string | undefined;
  readonly dimensions?: Readonly<Record<string, string>> | undefined;
}

export interface WmtsChoice {
  readonly layer: WmtsLayer;
  readonly layerId: string;
  readonly matrixSet: MatrixSet;
  readonly link: MatrixSetLink;
  readonly projection: Projection;
  readonly style: WmtsStyle | undefined;
  readonly format: string;
  /** By name, as the service writes it. */
  readonly dimensions: Readonly<Record<string, string>>;
}

const identifiers = (things: readonly {readonly Identifier?: string}[]): string[] =>
  things.flatMap(({Identifier}) => (Identifier === undefined ? [] : [Identifier]));

const chooseLayer = ({layers}: WmtsService, wanted: string | undefined): WmtsLayer => {
  const found = layers.find(({Identifier}) => Identifier === wanted);
  const [only, second] = layers;
  if (found && wanted !== undefined) return found;
  if (wanted === undefined && only && !second) return only;
  throw notAmong('layer', wanted, identifiers(layers));
};

interface Tiling {
  readonly link: MatrixSetLink;
  readonly matrixSet: MatrixSet;
  readonly crs: string;
}

const tilings = (service: WmtsService, layer: WmtsLayer): readonly Tiling[] =>
  (layer.TileMatrixSetLink ?? []).flatMap((link) => {
    const matrixSet = service.matrixSets.find(({Identifier}) => Identifier === link.TileMatrixSet);
    return matrixSet?.SupportedCRS ? [{link, matrixSet, crs: matrixSet.SupportedCRS}] : [];
  });

const known = ({crs}: Tiling): Projection | undefined => registered(projectionCode(crs));

/** One of the view's projection, else one whose projection is at hand, else one whose projection can be had. */
const suitable = async (all: readonly Tiling[], view: string): Promise<Tiling | undefined> => {
  const viewProjection = await projectionOf(view);
  const isOfView = (each: Tiling): boolean => {
    const projection = known(each);
    return projection !== undefined && equivalent(projection, viewProjection);
  };
  const atHand = all.find(isOfView) ?? all.find(known);
  if (atHand) return atHand;
  for (const each of all) {
    const projection = await projectionOf(each.crs).catch((error: unknown) => {
      if (error instanceof RequestError) throw error;
    });
    if (projection) return each;
  }
  return undefined;
};

const chooseTiling = async (
  service: WmtsService,
  layer: WmtsLayer,
  wanted: string | undefined,
  view: string,
): Promise<Tiling & {readonly projection: Projection}> => {
  const all = tilings(service, layer);
  const found =
    wanted === undefined ? await suitable(all, view) : all.find(({matrixSet}) => matrixSet.Identifier === wanted);
  if (found) return {...found, projection: await projectionOf(found.crs)};
  if (wanted !== undefined || all.length === 0)
    throw notAmong('matrixSet', wanted ?? view, identifiers(all.map(({matrixSet}) => matrixSet)));
  // Says which projections there are.
  await projectionOf(all[0]?.crs ?? '');
  throw notAmong('matrixSet', view, []);
};

const chooseStyle = ({Style: styles = []}: WmtsLayer, wanted: string | undefined): WmtsStyle | undefined => {
  if (wanted === undefined) return styles.find(({isDefault}) => isDefault) ?? styles[0];
  const found = styles.find(({Identifier}) => (Identifier ?? '') === wanted);
  if (found) return found;
  throw notAmong('style', wanted, identifiers(styles));
};

/** Browsers show every kind of image that services draw, but TIFF. */
const isShown = (format: string): boolean => /^image\/(?!tiff|geotiff|x-geotiff)/i.test(format);

const chooseFormat = ({Format = [], ResourceURL = []}: WmtsLayer, wanted: string | undefined): string => {
  const templates = ResourceURL.filter(({resourceType}) => resourceType === 'tile');
  const formats = [...new Set([...Format, ...templates.flatMap(({format}) => format ?? [])])].filter(isShown);
  const found = wanted === undefined ? formats[0] : formats.find((format) => format === wanted);
  if (found) return found;
  throw notAmong('format', wanted ?? 'image', formats);
};

const chooseDimensions = (
  {Dimension: dimensions = []}: WmtsLayer,
  wanted: Readonly<Record<string, string>> = {},
): Record<string, string> => {
  const names = identifiers(dimensions);
  const foreign = Object.keys(wanted).find(
    (name) => !names.some((known) => known.toLowerCase() === name.toLowerCase()),
  );
  if (foreign !== undefined) throw notAmong('dimensions', foreign, names);
  return Object.fromEntries(
    dimensions.flatMap(({Identifier: name, Default, Value: values = []}) => {
      if (name === undefined) return [];
      const [, given] = Object.entries(wanted).find(([each]) => each.toLowerCase() === name.toLowerCase()) ?? [];
      const value = given ?? Default ?? values[0];
      return value === undefined ? [] : [[name, value]];
    }),
  );
};

/** What of the service is shown: what the config says, or what suits the view. Names what is not there. */
export const chooseWmts = async (service: WmtsService, wishes: WmtsWishes, view: string): Promise<WmtsChoice> => {
  const layer = chooseLayer(service, wishes.layer);
  return {
    layer,
    layerId: layer.Identifier ?? '',
    ...(await chooseTiling(service, layer, wishes.matrixSet, view)),
    style: chooseStyle(layer, wishes.style),
    format: chooseFormat(layer, wishes.format),
    dimensions: chooseDimensions(layer, wishes.dimensions),
  };
};
