#!/usr/bin/env node
/// <reference types="node" />
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {readArguments, usage} from './arguments.js';
import {ConfigError} from './config-error.js';
import {createApp} from './app.js';
import {codeOf} from './error-code.js';
import {createHandlers} from './handlers.js';
import {createLog} from './log.js';
import {createTrust} from './forwarded.js';
import {readConfig} from './read-config.js';
import {startServer} from './server.js';

const {env, stdout, stderr} = process;

const version = async (): Promise<string> => {
  const path = fileURLToPath(import.meta.resolve('secure-map/package.json'));
  const {version: text}: {version: string} = JSON.parse(await readFile(path, 'utf8'));
  return text;
};

/** SIGTERM and SIGINT; the second one ends it at once. */
const untilAsked = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve(signal);
      });
    }
  });

const run = async (path: string, isCheck: boolean): Promise<void> => {
  const log = createLog({write: (line) => void stdout.write(line), now: Date.now});
  const {config, folder} = await readConfig(path);
  const {listen, trustProxy, stopSeconds} = config;
  const trust = createTrust(trustProxy);
  const handlers = await createHandlers(config, {sources: {env, folder}, log, fetch, now: Date.now});
  const routes = handlers.byPath.size;
  if (isCheck) {
    stdout.write(`${path}: ${routes} ${routes === 1 ? 'route' : 'routes'}, all right\n`);
    return;
  }
  let isReady = true;
  const asked = untilAsked();
  const handler = createApp({byPath: handlers.byPath, isReady: () => isReady, log});
  const server = await startServer({handler, ...listen, trust});
  log.info('listening', {origin: server.origin, routes});
  const signal = await asked;
  isReady = false;
  const stopping = server.stop(stopSeconds);
  // After the last connection was taken: whoever reads this can rely on it.
  log.info('stopping', {signal});
  const requests = await stopping;
  await handlers.end();
  log.info('stopped', {requests});
};

const fail = (error: unknown, path: string): void => {
  process.exitCode = 1;
  if (error instanceof ConfigError) {
    for (const problem of error.problems) {
      stderr.write(`${path}: ${problem.path ? `${problem.path}: ` : ''}${problem.words}\n`);
    }
    return;
  }
  const code = codeOf(error);
  stderr.write(
    `secure-map-broker: ${code === 'EADDRINUSE' ? 'the address is taken' : `ended by an error (${code})`}\n`,
  );
};

const command = readArguments(process.argv.slice(2));
if (command.kind === 'help') stdout.write(usage);
else if (command.kind === 'version') stdout.write(`${await version()}\n`);
else if (command.kind === 'wrong') {
  stderr.write(`${command.words}\n\n${usage}`);
  process.exitCode = 2;
} else {
  await run(command.config, command.isCheck).catch((error: unknown) => fail(error, command.config));
}
