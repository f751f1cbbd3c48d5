import {isAbort, SecureMapError} from '../credentials/errors.js';
import {readJson} from '../request/read-json.js';
import {redact} from '../request/redact.js';
import {RequestError} from '../request/request-error.js';
import type {Request} from '../request/request.js';

/** Loads the document behind the `config` attribute, with the credential where the page's markup lets it go. */
export const fetchConfig = async (url: string, request: Request, signal: AbortSignal): Promise<unknown> => {
  try {
    const response = await request(url, {signal, headers: {accept: 'application/json'}});
    return await readJson(response, url);
  } catch (error) {
    if (signal.aborted || isAbort(error)) throw error;
    if (error instanceof RequestError && error.awaitsSignIn) throw error;
    throw new SecureMapError('config-unavailable', `config: ${redact(url)} cannot be used.`, {
      cause: error,
      reason: error instanceof RequestError ? error.kind : undefined,
    });
  }
};
