import type {LayerContext, LayerHandle} from '../layer-kind.js';
import {arcgisIdentify, canIdentify} from './identify.js';
import {arcgisLegend} from './legend.js';
import type {ArcgisService} from './read-service.js';

/** What a layer has of its service beside its pictures. */
export const aroundService = (
  service: ArcgisService,
  context: Pick<LayerContext, 'request'>,
  layers: readonly string[] | undefined,
): Pick<LayerHandle, 'isPersonal' | 'attribution' | 'legend' | 'identify'> => ({
  isPersonal: true,
  attribution: service.attribution,
  legend: arcgisLegend(service, context, layers),
  identify: canIdentify(service) ? arcgisIdentify(service, context, layers) : undefined,
});
