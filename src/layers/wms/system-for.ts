import type Projection from 'ol/proj/Projection.js';
import type {LayerContext} from '../layer-kind.js';
import {createLoads} from '../loads.js';
import type {WmsRequest} from './get-map-url.js';
import {knownSystem, type System} from './known-system.js';
import {wmsServiceIfTold} from './wms-service.js';

/** Reads the capabilities for the system to ask maps in. `undefined` when they cannot be had, or name none. */
export const systemFor = (
  request: WmsRequest,
  context: LayerContext,
  view: Projection,
  isViewRefused: boolean,
): Promise<System | undefined> =>
  createLoads(context).during(context.signal, async () => {
    const service = await wmsServiceIfTold(request, context);
    return service && knownSystem(service, request.layers.split(','), view, isViewRefused);
  });
