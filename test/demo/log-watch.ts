import type {LogEntry, RequestLog} from '../../demo/servers/log.js';

/** A request is logged when its connection is done with it, which may be after the client has the answer. */
export function untilLogged(log: RequestLog, count: number, server: LogEntry['server']): Promise<readonly LogEntry[]> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const entries = log.entries.filter((entry) => entry.server === server);
      if (entries.length >= count) resolve(entries);
      return entries.length >= count;
    };
    if (look()) return;
    const end = log.subscribe(() => {
      if (look()) end();
    });
  });
}
