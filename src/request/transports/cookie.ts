import {changed, hasCredential, type TransportKind} from '../transport.js';

/** Static, and enough: another site cannot set it without asking this server first (RFC 10017, "CSRF Defense"). */
const REQUESTED_WITH = 'secure-map';

/**
 * The browser's own cookie. A token that came along stays out of the request: a server that sees two credentials may
 * take either.
 */
export const cookie: TransportKind = {
  create: () => ({
    async attach(request) {
      const headers = new Headers(request.headers);
      // Not with GET, which must change nothing, and which it would cost a preflight per tile.
      if (request.method !== 'GET' && request.method !== 'HEAD') headers.set('x-requested-with', REQUESTED_WITH);
      // A back end whose session has ended redirects to its sign-in page: seen, and not followed.
      return changed(request, {headers, credentials: 'include', redirect: 'manual'});
    },
    isTaken: (request) => hasCredential(request),
  }),
};
