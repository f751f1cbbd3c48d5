import {spawn, spawnSync, type ChildProcess} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Debian keeps it where users without rights have no path to. */
const PATHS = ['nginx', '/usr/sbin/nginx'];

export const findNginx = (): string | undefined => PATHS.find((path) => spawnSync(path, ['-v']).status === 0);

export interface Nginx {
  close(): Promise<void>;
}

export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** A web server says nowhere that it listens. Rejects when it has ended, or takes more than ten seconds. */
export const untilAnswers = async (url: string, server: ChildProcess): Promise<void> => {
  for (let tries = 0; !(await answers(url)); tries += 1) {
    if (tries > 200 || server.exitCode !== null) throw new Error(`${server.spawnfile} does not start`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** nginx in front of several brokers, one after the other in turn. The buffers are those of `docs/broker-sign-in.md`. */
export const startNginx = async (program: string, port: number, upstreams: readonly string[]): Promise<Nginx> => {
  const folder = await mkdtemp(join(tmpdir(), 'broker-nginx-'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events {}
    http {
      access_log off; ${temporary.join(' ')}
      upstream brokers { ${upstreams.map((upstream) => `server ${upstream};`).join(' ')} }
      server {
        listen 127.0.0.1:${port};
        large_client_header_buffers 4 16k;
        location / {
          proxy_pass http://brokers;
          proxy_set_header Host $http_host;
          proxy_buffer_size 16k; proxy_buffers 8 16k;
          add_header x-instance $upstream_addr always;
        }
      }
    }`,
  );
  const nginx = spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf')], {stdio: 'ignore'});
  const ended = new Promise<void>((resolve) => nginx.once('exit', () => resolve()));
  await untilAnswers(`http://127.0.0.1:${port}/`, nginx);
  return {
    async close() {
      nginx.kill();
      await ended;
      await rm(folder, {recursive: true});
    },
  };
};
