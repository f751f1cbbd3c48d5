import {readFile, truncate} from 'node:fs/promises';

/** One line of nginx's access log. */
export interface LoggedRequest {
  readonly method: string;
  readonly uri: string;
  readonly status: number;
  readonly credential: 'Bearer' | 'none' | 'other';
}

export interface AccessLog {
  /** Everything but preflights. */
  requests(): Promise<readonly LoggedRequest[]>;
  preflights(): Promise<readonly LoggedRequest[]>;
  clear(): Promise<void>;
}

const read = async (path: string): Promise<readonly LoggedRequest[]> => {
  const lines = (await readFile(path, 'utf8')).split('\n');
  // What stands behind the last line break is not written to its end.
  return lines.slice(0, -1).map((line): LoggedRequest => JSON.parse(line));
};

export const openAccessLog = (path: string): AccessLog => ({
  requests: async () => (await read(path)).filter(({method}) => method !== 'OPTIONS'),
  preflights: async () => (await read(path)).filter(({method}) => method === 'OPTIONS'),
  clear: () => truncate(path),
});
