import {execFileSync} from 'node:child_process';
import {accessSync, constants, statSync} from 'node:fs';
import {delimiter, join} from 'node:path';

export const runs = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** The first of these programs that is installed, by a name on the PATH or by a fixed path. */
export const findProgram = (names: readonly string[], fixed: readonly string[] = []): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .concat(fixed)
    .find(runs);

export const canInstall = process.platform === 'linux' && process.getuid?.() === 0 && runs('/usr/bin/apt-get');

/** Debian's packages, where that is possible; whether it was done. */
export const installPackages = (names: readonly string[]): boolean => {
  if (!canInstall) return false;
  const apt = (...args: string[]): void => {
    execFileSync('apt-get', ['-qq', ...args], {
      // Nothing on our standard output, which a runner may be reading.
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'},
    });
  };
  try {
    apt('update');
    apt('install', '--yes', '--no-install-recommends', ...names);
    return true;
  } catch {
    return false;
  }
};
