import {hasCredential, NAME, PARAMETER, requireType, type TransportKind} from '../transport.js';

/** RFC 6750 §2.2: a field of a form that is posted, never with GET. */
export const form: TransportKind = {
  name: {what: 'field', pattern: NAME},
  create: ({name = PARAMETER}) => ({
    async attach(request, credential) {
      requireType(credential, ['Bearer'], 'form');
      const {withField} = await import('./form-field.js');
      return withField(request, name, credential.token);
    },
    isTaken: (request) => hasCredential(request, name),
  }),
};
