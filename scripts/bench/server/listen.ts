import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type {Certificate} from './certificate.js';

export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;
export type Listener = (request: Incoming, response: Outgoing) => void;

export interface OpenServer {
  readonly origin: string;
  handle(listener: Listener): void;
}

const create = (listener: Listener, certificate: Certificate | undefined): Server | Http2SecureServer =>
  certificate ? createSecureServer({...certificate}, listener) : createServer(listener);

/** HTTP/2 with a certificate, HTTP/1.1 without. */
export const openServer = async (host: string, certificate: Certificate | undefined): Promise<OpenServer> => {
  let listener: Listener = (_request, response) => void response.end();
  const server = create((request, response) => listener(request, response), certificate);
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
  return {
    origin: `${certificate ? 'https' : 'http'}://${host}:${port}`,
    handle: (next) => void (listener = next),
  };
};
