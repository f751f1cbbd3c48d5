import {spawn, spawnSync} from 'node:child_process';
import {chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {freePort, untilAnswers} from './nginx.js';

/** A real server in front of the broker, with the recipe of `docs/deploy` as it stands there. */
export interface FrontServer {
  readonly origin: string;
  close(): Promise<void>;
}

interface Recipe {
  readonly names: readonly string[];
  readonly test: readonly string[];
  readonly run: readonly string[];
  /** The whole configuration, of which the recipe is a part. */
  config(folder: string, port: number): string;
  readonly files: readonly string[];
}

const recipe = (name: string): Promise<string> =>
  readFile(new URL(`../../../docs/deploy/${name}`, import.meta.url), 'utf8');

const apacheModules = ['mpm_event', 'authz_core', 'mime', 'headers', 'proxy', 'proxy_http'];

/** By what they are called. */
export const recipes: Readonly<Record<'nginx' | 'Apache', Recipe>> = {
  nginx: {
    names: ['nginx', '/usr/sbin/nginx'],
    test: ['-t', '-q'],
    run: ['-g', 'daemon off;'],
    files: ['nginx-http.conf', 'nginx-server.conf'],
    config: (folder, port) => `
      worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
      events {}
      http {
        types { text/html html; text/javascript js; text/css css; application/json json; }
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
        include ${folder}/nginx-http.conf;
        server { listen 127.0.0.1:${port}; root ${folder}/site; include ${folder}/nginx-server.conf; }
      }`,
  },
  Apache: {
    names: ['apache2', 'httpd', '/usr/sbin/apache2', '/usr/sbin/httpd'],
    test: ['-t'],
    run: ['-D', 'FOREGROUND'],
    files: ['apache.conf'],
    config: (folder, port) => `
      ServerRoot ${folder}
      ServerName localhost
      PidFile ${folder}/pid
      ErrorLog ${folder}/error.log
      User daemon
      Listen 127.0.0.1:${port}
      ${apacheModules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
      TypesConfig ${folder}/mime.types
      <VirtualHost 127.0.0.1:${port}>
        DocumentRoot ${folder}/site
        <Directory ${folder}/site>
          Require all granted
        </Directory>
        Include ${folder}/apache.conf
      </VirtualHost>`,
  },
};

export const findFront = (name: keyof typeof recipes): string | undefined =>
  recipes[name].names.find((program) => spawnSync(program, ['-v']).status === 0);

/**
 * `page` is its `index.html`; `dist` is copied beside it, and `maps` is the map server in the policy.
 *
 * @throws with the words of the program, when it does not like the recipe.
 */
export const startFront = async (
  name: keyof typeof recipes,
  program: string,
  broker: string,
  page: string,
  {dist, maps}: {readonly dist?: string; readonly maps?: string} = {},
): Promise<FrontServer> => {
  const {config, files, test, run} = recipes[name];
  const folder = await mkdtemp(join(tmpdir(), 'broker-front-'));
  const port = await freePort();
  await mkdir(join(folder, 'site'));
  await writeFile(join(folder, 'site/index.html'), page);
  await writeFile(join(folder, 'mime.types'), 'text/html html');
  if (dist !== undefined) await cp(dist, join(folder, 'site/dist'), {recursive: true});
  // Their workers are other users.
  await chmod(folder, 0o755);
  for (const file of files) {
    const text = (await recipe(file))
      .replaceAll('127.0.0.1:8080', new URL(broker).host)
      .replaceAll('https://city.webgis.example', maps ?? 'https://city.webgis.example');
    await writeFile(join(folder, file), text);
  }
  const path = join(folder, 'server.conf');
  await writeFile(path, config(folder, port));
  const from = name === 'nginx' ? ['-p', folder, '-c', path] : ['-f', path];
  const tested = spawnSync(program, [...from, ...test], {encoding: 'utf8'});
  if (tested.status !== 0) throw new Error(`${name} refuses the recipe:\n${tested.stdout}${tested.stderr}`);
  const child = spawn(program, [...from, ...run], {stdio: 'ignore'});
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const origin = `http://localhost:${port}`;
  await untilAnswers(`${origin}/index.html`, child);
  return {
    origin,
    async close() {
      child.kill();
      await ended;
      await rm(folder, {recursive: true, force: true});
    },
  };
};
