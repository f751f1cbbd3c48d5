import type Feature from 'ol/Feature.js';
import WFS from 'ol/format/WFS.js';
import type Projection from 'ol/proj/Projection.js';
import {RequestError} from '../../request/request-error.js';
import type {WfsVersion} from './wfs-description.js';

/** Names of EPSG:4326 under which coordinates are longitude first, by the custom of services (GeoServer, MapServer). */
const longitudeFirst = /^(?:EPSG:4326|http:\/\/www\.opengis\.net\/gml\/srs\/epsg\.xml#4326)$/i;

/**
 * ol takes every name of EPSG:4326 for latitude first. That is so for URNs and URIs; the short names, and all of GML 2,
 * mean what the custom is.
 */
const sortAxes = (document: Document, version: WfsVersion): void => {
  for (const element of document.querySelectorAll('[srsName]')) {
    const name = element.getAttribute('srsName') ?? '';
    if (longitudeFirst.test(name)) element.setAttribute('srsName', 'CRS:84');
    else if (version === '1.0.0') element.removeAttribute('srsName');
  }
};

/** The features of a WFS answer in GML, in the projection of the view. */
export const readGml = (document: Document, version: WfsVersion, projection: Projection, url: string): Feature[] => {
  const {localName} = document.documentElement;
  if (localName !== 'FeatureCollection')
    throw new RequestError(`The answer is a <${localName.slice(0, 40)}> where features were asked for`, {
      kind: 'format',
      url,
    });
  sortAxes(document, version);
  try {
    const format = new WFS({version});
    return format.readFeatures(document, {dataProjection: 'EPSG:4326', featureProjection: projection});
  } catch (cause) {
    throw new RequestError('The features of the answer cannot be read', {kind: 'format', url, cause});
  }
};
