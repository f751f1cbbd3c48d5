import {SecureMapError} from '../../credentials/errors.js';
import {hasCredential, NAME, PARAMETER, requireType, type TransportKind} from '../transport.js';

const TYPE = 'application/x-www-form-urlencoded';

const invalid = (why: string): SecureMapError =>
  new SecureMapError('invalid-config', `token-transport: "form" puts the token into the body of a form, and ${why}.`);

/** RFC 6750 §2.2: a field of a form that is posted, never with GET. */
export const form: TransportKind = {
  name: {what: 'field', pattern: NAME},
  create: ({name = PARAMETER}) => ({
    async attach(request, credential) {
      requireType(credential, ['Bearer'], 'form');
      if (request.method !== 'POST') throw invalid(`a request by ${request.method} has none`);
      const text = await request.text();
      const headers = new Headers(request.headers);
      const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
      // A text body that nobody gave a type is `text/plain` by the browser's own doing.
      if (text !== '' && type !== TYPE) throw invalid('this request posts something else');
      const fields = new URLSearchParams(text);
      if (!fields.has(name)) fields.set(name, credential.token);
      headers.set('content-type', TYPE);
      return new Request(request.url, {
        method: 'POST',
        headers,
        body: fields.toString(),
        credentials: request.credentials,
        redirect: request.redirect,
        referrerPolicy: request.referrerPolicy,
        signal: request.signal,
      });
    },
    isTaken: (request) => hasCredential(request, name),
  }),
};
