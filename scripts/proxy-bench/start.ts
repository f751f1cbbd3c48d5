import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {startHelper, type HelperProcess} from '../browsers/helper-process.js';

const serve = fileURLToPath(new URL('serve.ts', import.meta.url));
const command = fileURLToPath(new URL('../../src/broker/cli/main.ts', import.meta.url));

export interface WayServer {
  readonly origin: string;
  readonly pid: number;
}

export interface Ways {
  /** By the name of the way; `bare` is what the others are compared with, `bare@control` the same once more. */
  readonly servers: Readonly<Record<string, WayServer>>;
  stop(): Promise<void>;
}

/** Starts every server as a process of its own, so that none has the processor time of another. */
export const startWays = async (): Promise<Ways> => {
  const running: HelperProcess[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'proxy-bench-'));

  const start = async (args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<WayServer> => {
    const helper = startHelper(process.execPath, ['--import', 'tsx', ...args], ['ignore', 'pipe', 'inherit'], env);
    running.push(helper);
    const port = await new Promise<string>((resolve, reject) => {
      let told = '';
      helper.child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}.`)));
      // It goes on reading: the log of the command has a line for each request.
      helper.child.stdout?.on('data', (chunk: Buffer) => {
        if (told.length < 1_000) told += chunk.toString();
        const found = /(?:port |127\.0\.0\.1:)(\d+)/.exec(told)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    return {origin: `http://127.0.0.1:${port}`, pid: helper.child.pid ?? 0};
  };

  const {origin: upstream} = await start([serve, 'upstream']);
  const route = {
    type: 'map-proxy',
    upstream,
    paths: ['/tiles'],
    credential: {token: {env: 'MAP_TOKEN'}},
    authorize: {public: true},
  };
  const config = join(folder, 'broker.json');
  await writeFile(config, JSON.stringify({listen: {port: 0}, routes: {'/': route}}));
  const env = {...process.env, MAP_TOKEN: 'a-token-of-some-length-'.repeat(20)};
  return {
    servers: {
      bare: await start([serve, 'bare', upstream]),
      'bare@control': await start([serve, 'bare', upstream]),
      createMapProxy: await start([serve, 'proxy', upstream]),
      'secure-map-broker': await start([command, config], env),
    },
    async stop() {
      for (const helper of running) helper.stop();
      await rm(folder, {recursive: true, force: true});
    },
  };
};
