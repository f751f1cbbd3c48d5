import type {ServerResponse} from 'node:http';
import type {RequestLog} from './log.js';

/** The request log as server-sent events, from now on. */
export function streamLog(log: RequestLog, response: ServerResponse): void {
  response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
  // Says at once that the stream is open, so that the page misses nothing.
  response.write('event: open\ndata: {}\n\n');
  const end = log.subscribe((entry) => response.write(`data: ${JSON.stringify(entry)}\n\n`));
  response.on('close', end);
}
