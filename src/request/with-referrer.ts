import type {Transport} from './transport.js';

/**
 * The same transport, which tells one origin from which page a request comes: for servers that bind tokens to that. Only
 * the origin of the page is told, and only to them.
 */
export const withReferrer = (transport: Transport, origin: string): Transport => ({
  ...transport,
  attach: (request, credential) =>
    transport.attach(
      new URL(request.url).origin === origin ? new Request(request, {referrerPolicy: 'origin'}) : request,
      credential,
    ),
});
