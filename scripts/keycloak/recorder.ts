import {createServer, request as send, type IncomingHttpHeaders} from 'node:http';
import {buffer} from 'node:stream/consumers';
import {maskedForm, maskedHeader, maskedPath} from './masked.js';

/** A request as it arrived at Keycloak, byte for byte. Held in memory and printed through `show` alone. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly status: number;
}

export interface Recorder {
  /** What clients take for Keycloak. */
  readonly origin: string;
  readonly seen: readonly SeenRequest[];
  clear(): void;
  stop(): Promise<void>;
}

/** Goes between the clients and Keycloak and writes down what they send. It changes nothing, the host name included. */
export const startRecorder = async (keycloak: URL): Promise<Recorder> => {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const {method = '', url: path = '', headers} = request;
      const body = await buffer(request);
      const {hostname, port} = keycloak;
      const onward = send({hostname, port, method, path, headers}, (answer) => {
        seen.push({method, path, headers, body: body.toString(), status: answer.statusCode ?? 0});
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      onward.end(body);
    };
    pass().catch(() => response.destroy());
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    clear: () => void seen.splice(0),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const shown = ['host', 'content-type', 'authorization', 'dpop', 'origin', 'accept'];

/** A request for people: the line, the headers that matter, and the body, with everything secret masked. */
export const show = ({method, path, headers, body, status}: SeenRequest): string => {
  const lines = shown.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [`${name}: ${maskedHeader(name, value)}`] : [];
  });
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const content = body ? ['', isForm ? maskedForm(body) : `(${body.length} characters)`] : [];
  return [`${method} ${maskedPath(path)}`, ...lines, ...content, `→ ${status}`].join('\n');
};
