import {isAbort, SecureMapError} from '../credentials/errors.js';
import {isRecord} from '../credentials/is-record.js';
import {readJson} from '../request/read-json.js';
import {redact} from '../request/redact.js';
import {RequestError} from '../request/request-error.js';
import type {PlatformContext} from './platform.js';
import {unusable} from './wrong.js';

/** A browser does not say why it let nothing through; the usual reason is that nobody answered its question. */
const preflight = ({url, status}: RequestError): RequestError => {
  const {origin} = new URL(url);
  return new RequestError(
    `${origin} answers, but does not let this page read it. Most likely it refused the preflight (the OPTIONS request `
      + 'that a browser sends before one with a credential), or redirects. Let it allow this origin and the header of the '
      + 'credential (CORS), or serve it through a proxy of the site and give the path of the proxy as "server".',
    {kind: 'cors', url, status},
  );
};

/** A request of a platform that failed, as the page is told. What waits for a sign-in stays. */
export const unavailable = (error: unknown, url: string, signal: AbortSignal): unknown => {
  if (signal.aborted || isAbort(error) || !(error instanceof RequestError) || error.awaitsSignIn) return error;
  const cause = error.kind === 'cors' ? preflight(error) : error;
  return new SecureMapError('config-unavailable', `platform: ${redact(url)} cannot be used. ${cause.message}`, {
    cause,
    reason: error.kind,
  });
};

/** A JSON object that the platform answers with. */
export const readObject = async (
  url: string,
  {request, signal}: PlatformContext,
): Promise<Readonly<Record<string, unknown>>> => {
  let document: unknown;
  try {
    document = await readJson(await request(url, {signal, headers: {accept: 'application/json'}}), url);
  } catch (error) {
    throw unavailable(error, url, signal);
  }
  if (!isRecord(document)) throw unusable(`${redact(url)} answered with something else than a JSON object`);
  return document;
};
