import {readImage} from '../../request/read-image.js';
import type {Legend} from '../around.js';
import type {LayerContext} from '../layer-kind.js';

/** The picture of a legend, asked for as every other part of the layer is. */
export const loadLegend = async (
  {request}: Pick<LayerContext, 'request'>,
  url: string,
  title: string | undefined,
  signal: AbortSignal,
): Promise<Legend> => ({title, image: await readImage(await request(url, {signal}), url, signal)});

/** One after the other, as services have them in order; what is loaded is freed when one of them fails. */
export const loadAll = async <T>(
  wanted: readonly T[],
  load: (each: T) => Promise<Legend>,
): Promise<readonly Legend[]> => {
  const outcomes = await Promise.allSettled(wanted.map(load));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  const loaded = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  if (!failed) return loaded;
  for (const {image} of loaded) if (image instanceof ImageBitmap) image.close();
  throw failed.reason;
};
