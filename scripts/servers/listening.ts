import {createServer, connect, type NetConnectOpts} from 'node:net';
import {until} from '../browsers/until.js';

const isListening = (address: NetConnectOpts): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Resolves as soon as a program takes connections, at a port or a socket in the file system. */
export const untilListening = (what: string, address: NetConnectOpts): Promise<void> =>
  until(`${what} takes connections`, () => isListening(address), 30);

/** A port that nobody has at the moment: nginx takes no port of the system's choice. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
