import {build} from 'vite';

const prefix = '/node_modules/';

/**
 * Packages that are CommonJS, each made into one module as the build makes it: browsers load modules only.
 *
 * @param {Record<string, string>} packages What is imported of each, by the path of its file in node_modules.
 * @returns {import('@web/test-runner').TestRunnerPlugin}
 */
export const commonJs = (packages) => {
  const made = new Map();
  const make = async (path, names) => {
    const entry = '\0common-js';
    const result = await build({
      configFile: false,
      logLevel: 'silent',
      plugins: [
        {
          name: 'entry',
          // Vite makes it a path.
          resolveId: (id) => (id.endsWith('common-js') ? entry : undefined),
          load: (id) => (id === entry ? `export {${names}} from '${path}';` : undefined),
        },
      ],
      build: {write: false, minify: false, lib: {entry: 'common-js', formats: ['es'], fileName: 'common-js'}},
    });
    return [result].flat()[0].output[0].code;
  };
  return {
    name: 'common-js',
    async serve({path}) {
      const file = path.startsWith(prefix) ? path.slice(prefix.length) : '';
      if (!Object.hasOwn(packages, file)) return undefined;
      if (!made.has(file)) made.set(file, make(file, packages[file]));
      return {body: await made.get(file), type: 'js'};
    },
  };
};
