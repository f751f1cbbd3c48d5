import {parseLayers} from '../../src/config/parse-layers.js';

/** What is said of a layer config, each with the path inside it. */
export const layerProblems = async (value: unknown): Promise<string[]> =>
  (await parseLayers([value], '')).problems.map(({message}) => message.replace(/^\[0\]\.?/, ''));
