import {isAbort, SecureMapError} from '../credentials/errors.js';
import {readBody} from '../request/read-body.js';
import {readJson} from '../request/read-json.js';
import {redact} from '../request/redact.js';
import {RequestError} from '../request/request-error.js';
import type {Request} from '../request/request.js';

/** The capabilities of the largest services have 10 MB. */
const longest = 20_000_000;
const sniffed = 1024;

/** JSON, or the XML of capabilities: by how it begins, since servers call either by many names. */
const read = async (response: Response, url: string): Promise<unknown> => {
  const body = new Blob(await readBody(response, url, longest));
  const start = await body.slice(0, sniffed).text();
  const type = response.headers.get('content-type');
  const answer = new Response(body, type === null ? {} : {headers: {'content-type': type}});
  // The marks and zeros of UTF-16 come before as well.
  if (!/^[\s\uFEFF\uFFFD\0]*</.test(start)) return readJson(answer, url);
  const {readMarkup} = await import('./recognise/read-markup.js');
  return readMarkup(answer, start, url);
};

/** A request for a config, or for a part of one, that failed: as the page is told. What waits for a sign-in stays. */
export const unavailable = async (error: unknown, url: string, signal: AbortSignal): Promise<unknown> => {
  if (signal.aborted || isAbort(error)) return error;
  if (error instanceof RequestError && error.awaitsSignIn) return error;
  const isWrong = error instanceof RequestError && error.kind === 'format';
  const allowed = isWrong ? await import('./recognise/accepted.js').catch(() => undefined) : undefined;
  const why = isWrong ? ` ${error.message}.${allowed ? ` ${allowed.accepted}.` : ''}` : '';
  return new SecureMapError('config-unavailable', `config: ${redact(url)} cannot be used.${why}`, {
    cause: error,
    reason: error instanceof RequestError ? error.kind : undefined,
  });
};

/** Loads the document behind the `config` attribute, with the credential where the page's markup lets it go. */
export const fetchConfig = async (url: string, request: Request, signal: AbortSignal): Promise<unknown> => {
  try {
    const response = await request(url, {signal, headers: {accept: 'application/json, */*;q=0.5'}});
    return await read(response, url);
  } catch (error) {
    throw await unavailable(error, url, signal);
  }
};
