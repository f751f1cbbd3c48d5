import type {Extent} from 'ol/extent.js';
import type Projection from 'ol/proj/Projection.js';
import type {Size} from 'ol/size.js';
import {referenceNumber, type ArcgisService} from './read-service.js';

/** The URL of a picture that the service draws. */
export const exportUrls =
  (service: ArcgisService, layers: readonly string[] | undefined) =>
  (extent: Extent, [width = 0, height = 0]: Size, projection: Projection): string => {
    const reference = referenceNumber(projection.getCode());
    return service.at(service.isImageServer ? '/exportImage' : '/export', {
      bbox: extent.join(','),
      bboxSR: reference,
      imageSR: reference,
      size: `${width},${height}`,
      dpi: service.isImageServer ? undefined : 96,
      format: 'png32',
      transparent: service.isImageServer ? undefined : 'true',
      layers: layers && `show:${layers.join(',')}`,
      f: 'image',
    });
  };
