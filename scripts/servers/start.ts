import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {startHelper, type HelperProcess} from '../browsers/helper-process.js';
import {openAccessLog, type AccessLog} from './access-log.js';
import {writeData} from './data.js';
import {freePort, untilListening} from './listening.js';
import {mapFileValues} from './map-file.js';
import type {Software} from './software.js';
import {writeTemplates} from './templates.js';

/** Real map servers behind nginx, which lets nobody through without a token. */
export interface MapServers {
  /** The origin of nginx. */
  readonly gate: string;
  readonly log: AccessLog;
  stop(): Promise<void>;
}

export interface MapServersOptions {
  readonly software: Software;
  /** The origin of the page that may read the answers. */
  readonly page: string;
  /** Where nginx asks what a token is worth. */
  readonly check: string;
}

const ended = ({child}: HelperProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

export const startMapServers = async ({software, page, check}: MapServersOptions): Promise<MapServers> => {
  const {nginx, mapserv, spawnFcgi, mapproxy, gunicorn} = software;
  if (!nginx || !mapserv || !spawnFcgi) throw new Error('nginx, MapServer and spawn-fcgi are needed.');
  const folder = await mkdtemp(join(tmpdir(), 'secure-map-servers-'));
  const running: HelperProcess[] = [];
  const start = (
    program: string,
    args: readonly string[],
    {env, signal}: {env?: NodeJS.ProcessEnv; signal?: NodeJS.Signals} = {},
  ): void => {
    running.push(startHelper(program, args, ['ignore', 'ignore', 'inherit'], {...process.env, ...env}, signal));
  };
  const stop = async (): Promise<void> => {
    for (const helper of running) helper.stop();
    await Promise.all(running.map(ended));
    await rm(folder, {recursive: true, force: true});
  };

  try {
    const port = await freePort();
    const gate = `http://127.0.0.1:${port}`;
    const {username: user} = userInfo();
    await writeTemplates(folder, {...mapFileValues, page, folder, gate, check, mapserv, user, port: String(port)});
    await writeData(folder);

    // MapProxy runs MapServer by itself, as a CGI program: the settings are for both.
    const env = {MAPSERVER_CONFIG_FILE: join(folder, 'mapserver.conf')};
    const sockets = [1, 2].map((number) => join(folder, `mapserver-${number}.sock`));
    // An idle MapServer ends with the request after a SIGTERM.
    for (const socket of sockets) start(spawnFcgi, ['-n', '-s', socket, '--', mapserv], {env, signal: 'SIGKILL'});
    if (mapproxy && gunicorn) {
      const socket = join(folder, 'mapproxy.sock');
      sockets.push(socket);
      const application = `mapproxy.wsgiapp:make_wsgi_app('${join(folder, 'mapproxy.yaml')}')`;
      start(gunicorn, ['--threads', '4', '--log-level', 'warning', '--bind', `unix:${socket}`, application], {env});
    }
    for (const path of sockets) await untilListening(path, {path});
    start(nginx, ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')]);
    await untilListening('nginx', {host: '127.0.0.1', port});
    return {gate, log: openAccessLog(join(folder, 'access.log')), stop};
  } catch (error) {
    await stop();
    throw error;
  }
};
