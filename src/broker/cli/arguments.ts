import {parseArgs} from 'node:util';

export const usage = `Usage: secure-map-broker [--check] CONFIG.json

Keeps the secrets of map platforms: hands out short-lived tokens, passes maps through, and signs visitors in.

  --check     check the configuration and the secrets that it refers to, and end
  --help      show this
  --version   show the version

Secrets are read from the environment or from files, as the configuration says. The log goes to the standard output, one
JSON object per line. SIGTERM and SIGINT end it when the running requests are answered.

Exit status: 0 ended as asked, 1 the configuration is wrong or the address is taken, 2 wrong arguments.
`;

export type Command =
  | {readonly kind: 'help'}
  | {readonly kind: 'version'}
  | {readonly kind: 'run'; readonly config: string; readonly isCheck: boolean}
  | {readonly kind: 'wrong'; readonly words: string};

/** Reads the command line. */
export const readArguments = (args: readonly string[]): Command => {
  try {
    const {values, positionals} = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {check: {type: 'boolean'}, help: {type: 'boolean', short: 'h'}, version: {type: 'boolean'}},
    });
    if (values.help) return {kind: 'help'};
    if (values.version) return {kind: 'version'};
    const [config, ...others] = positionals;
    if (config === undefined) return {kind: 'wrong', words: 'The configuration is missing.'};
    if (others.length > 0) return {kind: 'wrong', words: 'One configuration only.'};
    return {kind: 'run', config, isCheck: values.check ?? false};
  } catch (error) {
    return {kind: 'wrong', words: error instanceof Error ? error.message : String(error)};
  }
};
