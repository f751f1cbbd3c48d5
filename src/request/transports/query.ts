import {hasCredential, NAME, PARAMETER, requireType, type TransportKind} from '../transport.js';
import {toAddress} from './to-address.js';

/**
 * RFC 6750 §2.3: a parameter of the address. Addresses end in the logs of servers and proxies, so this is for servers
 * that know no other way, with tokens that are short-lived and can only read.
 */
export const query: TransportKind = {
  name: {what: 'parameter', pattern: NAME},
  create({name = PARAMETER, warn}) {
    warn(
      'token-transport="query" puts tokens into addresses, which end up in logs. Prefer the '
        + 'header wherever the map server takes it.',
    );
    return {
      async attach(request, credential) {
        requireType(credential, ['Bearer'], 'query');
        const url = new URL(request.url);
        url.searchParams.set(name, credential.token);
        const headers = new Headers(request.headers);
        // The header that RFC 6750 asks for would cost every address of another origin a preflight, which servers that
        // need this transport seldom answer. There the browser's own `no-cache` has to do.
        if (url.origin === location.origin) headers.set('cache-control', 'no-store');
        return toAddress(request, url, {headers, cache: 'no-store'});
      },
      isTaken: (request) => hasCredential(request, name),
    };
  },
};
