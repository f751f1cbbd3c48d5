import {SecureMapError} from '../../credentials/errors.js';

/** For messages. */
export const accepted =
  'config accepts: a map configuration (a JSON object with "layers"), a MapLibre style (version 8), a TileJSON (1 to 3), WMS capabilities (1.1.0, 1.1.1, 1.3.0), WMTS capabilities (1.0.0) and the landing page of an OGC API';

/** What is wrong with a document of others, and what would be right. */
export const refused = (what: string): SecureMapError =>
  new SecureMapError('invalid-config', `config: ${what}. ${accepted}.`);

/** Text of a document, for a message: no more of it than tells it from others. */
export const shown = (text: unknown): string => (JSON.stringify(text) ?? 'nothing').slice(0, 40);
