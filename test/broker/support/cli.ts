import {spawn, type ChildProcess} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {after} from 'node:test';

const main = fileURLToPath(new URL('../../../src/broker/cli/main.ts', import.meta.url));

export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** The command as a process of its own. */
export interface RunningCli {
  readonly process: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** The log so far. */
  readonly log: () => readonly LogLine[];
  /** Resolves with the first line that fits; rejects when the process ends before. */
  line(message: string): Promise<LogLine>;
  readonly ended: Promise<number | null>;
}

const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Nothing of the environment of the tests, but what finds programs. */
const bare = {PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? ''};

export const runCli = (args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCli => {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    env: {...bare, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let out = '';
  let err = '';
  const heard = new Set<() => void>();
  const tell = (): void => {
    for (const listener of heard) listener();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    tell();
  });
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  let isOver = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      isOver = true;
      tell();
      resolve(code);
    });
  });
  // What stands behind the last line break is not written to its end.
  const log = (): LogLine[] =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line): LogLine => JSON.parse(line));
  return {
    process: child,
    out: () => out,
    err: () => err,
    log,
    ended,
    line: (message) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = log().find((line) => line.message === message);
          if (!found && !isOver) return;
          heard.delete(look);
          if (found) resolve(found);
          else reject(new Error(`It ended without "${message}":\n${out}${err}`));
        };
        heard.add(look);
        look();
      }),
  };
};

/** A folder with these files in it, gone after the tests. */
export const folderWith = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'secure-map-broker-'));
  after(() => rm(folder, {recursive: true, force: true}));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
};

/** Writes a configuration, and the files beside it; gives its path. */
export const configFile = async (config: unknown, files: Readonly<Record<string, string>> = {}): Promise<string> => {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  return join(await folderWith({...files, 'config.json': text}), 'config.json');
};

/** Starts it on a port of the system's choice, and waits until it listens. */
export const startCli = async (
  config: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<RunningCli & {readonly origin: string}> => {
  const cli = runCli([await configFile({listen: {port: 0}, ...config}, files)], env);
  const {origin} = await cli.line('listening');
  return {...cli, origin: String(origin)};
};
