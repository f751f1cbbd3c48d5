import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {findProgram, runs} from '../programs.js';

export interface Java {
  readonly home: string;
  /** 17, 21, … */
  readonly version: number;
}

const installed = '/usr/lib/jvm';

/** What Java says of itself on standard error: `java.home = …` and `java.specification.version = 17`. */
const ask = (program: string): Java | undefined => {
  const {status, stderr} = spawnSync(program, ['-XshowSettings:properties', '-version'], {encoding: 'utf8'});
  const home = /^\s*java\.home = (.+)$/m.exec(stderr ?? '')?.[1];
  const version = Number(/^\s*java\.specification\.version = (\d+)$/m.exec(stderr ?? '')?.[1]);
  return status === 0 && home && version ? {home: home.trim(), version} : undefined;
};

/** The Java that JAVA_HOME names, the one on the PATH, or the newest that a distribution installed. */
export const findJava = (): Java | undefined => {
  const named = process.env['JAVA_HOME'];
  const first = [...(named ? [join(named, 'bin', 'java')] : []), findProgram(['java'])];
  for (const program of first) {
    const java = program && runs(program) ? ask(program) : undefined;
    if (java) return java;
  }
  const others = existsSync(installed)
    ? readdirSync(installed).map((name) => join(installed, name, 'bin', 'java'))
    : [];
  return others
    .filter(runs)
    .flatMap((program) => ask(program) ?? [])
    .toSorted((a, b) => b.version - a.version)[0];
};
