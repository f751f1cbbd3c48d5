/** Another runtime for the server half, as npm has it. */
export interface Runtime {
  readonly name: string;
  /** What is installed: a package, and the one with the program for this machine, which it names as optional. */
  readonly package: string;
  readonly program: string | undefined;
  readonly command: (files: readonly string[]) => readonly string[];
  /** `passed` and `failed` in what it has printed. */
  readonly count: (output: string) => readonly [number, number] | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

const pairOf = (match: RegExpExecArray | null): readonly [number, number] | undefined =>
  match ? [Number(match[1]), Number(match[2])] : undefined;

const programs: Readonly<Record<string, {readonly bun: string; readonly deno: string}>> = {
  'linux x64': {bun: '@oven/bun-linux-x64/bin/bun', deno: '@deno/linux-x64-glibc/deno'},
  'linux arm64': {bun: '@oven/bun-linux-aarch64/bin/bun', deno: '@deno/linux-arm64-glibc/deno'},
  'darwin x64': {bun: '@oven/bun-darwin-x64/bin/bun', deno: '@deno/darwin-x64/deno'},
  'darwin arm64': {bun: '@oven/bun-darwin-aarch64/bin/bun', deno: '@deno/darwin-arm64/deno'},
};
const here = programs[`${process.platform} ${process.arch}`];

const bun: Runtime = {
  name: 'Bun',
  package: 'bun@1.4.5',
  program: here?.bun,
  // Without the dot it takes a name for a pattern.
  command: (files) => ['test', ...files.map((file) => `./${file}`)],
  count: (output) => pairOf(/^\s*(\d+) pass\s+(\d+) fail/m.exec(output)),
};

const deno: Runtime = {
  name: 'Deno',
  package: 'deno@2.9.6',
  program: here?.deno,
  command: (files) => [
    'test',
    // Nothing but what is installed; types are for `tsc`; our imports end in `.js` where the file ends in `.ts`.
    ...['--no-remote', '--no-check', '--allow-all', '--unstable-sloppy-imports', '--reporter=tap'],
    ...files,
  ],
  // A group of tests counts as one more in its own summary, so the lines of the tests themselves are counted.
  count(output) {
    const tests = [...output.matchAll(/^(\s*)(not )?ok \d+ - (.*)$/gm)];
    const isGroup = (index: number): boolean => (tests[index - 1]?.[1]?.length ?? 0) > (tests[index]?.[1]?.length ?? 0);
    const single = tests.filter((_, index) => !isGroup(index));
    const failed = single.filter(([, , not]) => not !== undefined).length;
    return tests.length === 0 ? undefined : [single.length - failed, failed];
  },
  env: {NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1'},
};

export const runtimes: readonly Runtime[] = [bun, deno];

export const node: Runtime = {
  name: 'Node',
  package: `node@${process.versions.node}`,
  program: process.execPath,
  command: (files) => ['--import', 'tsx', '--test', '--test-reporter=tap', ...files],
  count: (output) => pairOf(/^# pass (\d+)\n# fail (\d+)/m.exec(output)),
};
