import {hasCredential, requireType, type TransportKind} from '../transport.js';

/**
 * MAC tokens: the request is signed with a key that never travels. The draft ended unfinished. Its token answers
 * (`mac_key`, `mac_algorithm`) stayed the same up to draft 05; of the header, what is in use is the form of drafts 00 and
 * 01, with `id`, `ts`, `nonce` and `mac` (thephpleague/oauth2-client, MacAuthorizationTrait).
 */
export const mac: TransportKind = {
  create: ({now}) => ({
    async attach(request, credential) {
      const {token, mac: proof} = credential;
      requireType(proof ? credential : {...credential, type: 'Bearer'}, ['MAC'], 'mac');
      if (!proof) return request;
      const {macHeader} = await import('./mac-header.js');
      request.headers.set('authorization', await macHeader(request, token, proof, now()));
      return request;
    },
    isTaken: (request) => hasCredential(request),
  }),
};
