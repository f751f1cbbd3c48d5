import {SecureMapError} from '../../credentials/errors.js';

const TYPE = 'application/x-www-form-urlencoded';

const invalid = (why: string): SecureMapError =>
  new SecureMapError('invalid-config', `token-transport: "form" puts the token into the body of a form, and ${why}.`);

/** The request with one more field in its form, unless it has that already. */
export const withField = async (request: Request, name: string, value: string): Promise<Request> => {
  if (request.method !== 'POST') throw invalid(`a request by ${request.method} has none`);
  const text = await request.text();
  const headers = new Headers(request.headers);
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  // A text body that nobody gave a type is `text/plain` by the browser's own doing.
  if (text !== '' && type !== TYPE) throw invalid('this request posts something else');
  const fields = new URLSearchParams(text);
  if (!fields.has(name)) fields.set(name, value);
  headers.set('content-type', TYPE);
  const {credentials, redirect, referrerPolicy, signal, url} = request;
  return new Request(url, {
    ...{method: 'POST', headers, body: fields.toString()},
    ...{credentials, redirect, referrerPolicy, signal},
  });
};
