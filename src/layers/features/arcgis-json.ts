import {isRecord} from '../../credentials/is-record.js';
import {readJson} from '../../request/read-json.js';
import {RequestError} from '../../request/request-error.js';

/**
 * The JSON of an ArcGIS service, which answers with status 200 whatever happens: a token that is wrong or missing is
 * 498 or 499, one that may not is 403, in the body.
 */
export const readArcgisJson = async (response: Response, url: string): Promise<Readonly<Record<string, unknown>>> => {
  const copy = response.clone();
  const answer = await readJson(response, url).catch(async (error: unknown) => {
    const said: unknown = await copy.json().catch(() => undefined);
    const {code} = isRecord(said) && isRecord(said['error']) ? said['error'] : {};
    const kind = code === 498 || code === 499 ? 'auth' : code === 403 ? 'forbidden' : undefined;
    if (!kind) throw error;
    throw new RequestError(error instanceof Error ? error.message : 'The service refused the token', {
      kind,
      status: kind === 'auth' ? 401 : 403,
      url,
      cause: error,
    });
  });
  if (isRecord(answer)) return answer;
  throw new RequestError('This is not the answer of an ArcGIS service', {kind: 'format', url});
};

/** Whether an answer begins with the error of a token that is not good (498) or missing (499). */
export const isArcgisRefusal = async (copy: Response): Promise<boolean> => {
  const reader = copy.body?.getReader();
  const start = new TextDecoder().decode((await reader?.read())?.value);
  // Not awaited: the rest is read by whom it is for.
  reader?.cancel().catch(() => undefined);
  return /^\s*\{\s*"error"\s*:/.test(start) && /"code"\s*:\s*49[89]\b/.test(start.slice(0, 1000));
};
