import {RequestError} from '../../request/request-error.js';
import type {LayerContext} from '../layer-kind.js';
import {createLoads} from '../loads.js';

type Asks = Pick<LayerContext, 'request' | 'share'>;

/** What a service says of itself, read once for all layers of the map. `as` tells apart what is read from one URL. */
export const description = <T>(
  {request, share}: Asks,
  url: string,
  as: string,
  read: (response: Response, url: string) => Promise<T>,
): Promise<T> =>
  share(`${as} ${url}`, async (signal) => {
    // Any error but a `RequestError` would be taken for one of the configuration.
    const explain = (kind: 'network' | 'format', message: string) => (error: unknown) => {
      throw error instanceof TypeError ? new RequestError(message, {kind, url, cause: error}) : error;
    };
    const response = await request(url, {signal}).catch(explain('network', 'There was no answer'));
    return read(response, url).catch(explain('format', 'The answer could not be used'));
  });

/** As `description`, for what a layer is made from: it counts as loading. */
export const describe: typeof description = (context, url, as, read) => {
  const full = context as LayerContext;
  return createLoads(full).during(full.signal, () => description(context, url, as, read));
};
