import {get as getProjection} from 'ol/proj.js';
import Projection from 'ol/proj/Projection.js';

// The forms of OGC 09-048r5 (URNs and URLs), those of GML 2, and what servers and people write instead of them.
const epsg =
  /^(?:EPSG::?|urn:(?:x-)?ogc:def:crs:EPSG:[^:]*:|https?:\/\/www\.opengis\.net\/(?:def\/crs\/EPSG\/[^/]+\/|gml\/srs\/epsg\.xml#))(\d+)$/i;
const crs84 =
  /^(?:CRS:?84|OGC:CRS84|urn:(?:x-)?ogc:def:crs:OGC:[^:]*:(?:CRS)?84|https?:\/\/www\.opengis\.net\/def\/crs\/OGC\/[^/]+\/CRS84)$/i;

/** The code that ol knows a projection by, of whatever name a document or a service has for it. */
export const projectionCode = (name: string): string => {
  const trimmed = name.trim();
  const [, number] = epsg.exec(trimmed) ?? [];
  if (number) return `EPSG:${number}`;
  return crs84.test(trimmed) ? 'CRS:84' : trimmed;
};

/** What ol knows by a code. Its registry is an object that has the names of the language as well. */
export const registered = (code: string): Projection | undefined => {
  const found: unknown = getProjection(code);
  return found instanceof Projection ? found : undefined;
};
