import OAuth2Server from '@node-oauth/oauth2-server';

export type Parameters = Record<string, string>;

/** Longer than any request of a client. */
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

/** Planviewer's documentation speaks of a form and of a JSON object; both are read. */
export const readParameters = async (request: Request): Promise<Parameters> => {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const isJson = type === 'application/json';
  if (!isJson && type !== 'application/x-www-form-urlencoded') throw wrong('Invalid request: neither a form nor JSON');
  if (Number(request.headers.get('content-length') ?? 0) > LONGEST) throw wrong('Invalid request: too long');
  const text = await request.text();
  if (text.length > LONGEST) throw wrong('Invalid request: too long');
  return isJson ? fromJson(text) : parametersOf(new URLSearchParams(text));
};
