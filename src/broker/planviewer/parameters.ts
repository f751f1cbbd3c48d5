import OAuth2Server from '@node-oauth/oauth2-server';

export type Parameters = Record<string, string>;

/** Bytes: longer than any request of a client. */
const LONGEST = 32_768;

const wrong = (message: string): Error => new OAuth2Server.InvalidRequestError(message);

/** Nothing twice, and nothing that is empty (RFC 6749 §3.1, §3.2). */
export const parametersOf = (fields: URLSearchParams): Parameters => {
  const parameters: Parameters = {};
  for (const [name, value] of fields) {
    if (Object.hasOwn(parameters, name)) throw wrong('Invalid request: a parameter is there twice');
    if (value !== '') parameters[name] = value;
  }
  return parameters;
};

const fromJson = (text: string): Parameters => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw wrong('Invalid request: the body is not JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw wrong('Invalid request: no JSON object');
  const fields = Object.entries(body).filter(([, value]) => value !== null);
  if (fields.some(([, value]) => typeof value !== 'string'))
    throw wrong('Invalid request: every value must be a string');
  return Object.fromEntries(fields.filter(([, value]) => value !== '')) as Parameters;
};

const tooLong = (): Error => wrong('Invalid request: too long');

/** Counted while it comes: whoever sends it is not known yet, and a body without a length may have no end. */
const readText = async ({body, headers}: Request): Promise<string> => {
  if (Number(headers.get('content-length') ?? 0) > LONGEST) throw tooLong();
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let [text, size] = ['', 0];
  for (let part; reader && (part = await reader.read()) && !part.done;) {
    size += part.value.length;
    if (size > LONGEST) {
      await reader.cancel();
      throw tooLong();
    }
    text += decoder.decode(part.value, {stream: true});
  }
  return text + decoder.decode();
};

/** Planviewer's documentation speaks of a form and of a JSON object; both are read. */
export const readParameters = async (request: Request): Promise<Parameters> => {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const isJson = type === 'application/json';
  if (!isJson && type !== 'application/x-www-form-urlencoded') throw wrong('Invalid request: neither a form nor JSON');
  const text = await readText(request);
  return isJson ? fromJson(text) : parametersOf(new URLSearchParams(text));
};
