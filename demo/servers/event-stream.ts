import type {ServerResponse} from 'node:http';
import type {LogEntry, RequestLog} from './log.js';

/** The request log as server-sent events: what has been logged since a moment (in epoch milliseconds), and what follows. */
export function streamLog(log: RequestLog, since: number, response: ServerResponse): void {
  response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
  // Headers alone may wait in a buffer: this opens the stream at once.
  response.write('event: open\ndata: {}\n\n');
  const send = (entry: LogEntry): boolean => response.write(`data: ${JSON.stringify(entry)}\n\n`);
  for (const entry of log.entries) if (entry.at >= since) send(entry);
  const end = log.subscribe(send);
  response.on('close', end);
}
