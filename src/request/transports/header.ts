import {changed, hasCredential, NAME, requireType, type TransportKind} from '../transport.js';

/** RFC 6750 §2.1: `Authorization: Bearer …`, or a header of another name. */
export const header: TransportKind = {
  name: {what: 'header', pattern: NAME},
  hasPrefix: true,
  create: ({name = 'Authorization', prefix}) => ({
    async attach(request, credential) {
      requireType(credential, ['Bearer', 'DPoP'], 'header');
      const {token, type} = credential;
      const headers = new Headers(request.headers);
      headers.set(name, `${prefix ?? type} ${token}`.trim());
      return changed(request, {headers});
    },
    isTaken: (request) => request.headers.has(name) || hasCredential(request),
  }),
};
