import {hasCredential, NAME, requireType, type TransportKind} from '../transport.js';

/** RFC 6750 §2.1: `Authorization: Bearer …`, or a header of another name. */
export const header: TransportKind = {
  name: {what: 'header', pattern: NAME},
  hasPrefix: true,
  create: ({name = 'Authorization', prefix}) => ({
    isHeader: true,
    async attach(request, credential) {
      // RFC 9449 §7.1: a bound token goes as `Authorization: DPoP` and in no other way.
      const isStandard = name.toLowerCase() === 'authorization' && prefix === undefined;
      requireType(credential, isStandard ? ['Bearer', 'DPoP'] : ['Bearer'], 'header of another name or prefix');
      const {token, type} = credential;
      // Not on a copy, of which there would be one for each tile.
      request.headers.set(name, `${prefix ?? type} ${token}`.trim());
      return request;
    },
    isTaken: (request) => request.headers.has(name) || hasCredential(request),
  }),
};
