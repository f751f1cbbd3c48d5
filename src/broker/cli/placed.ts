import {ConfigError, problemAt} from './config-error.js';

/** The functions of the broker name the option that is wrong, in quotes; here it is a place in the configuration. */
export const placed = async <Result>(keys: readonly string[], make: () => Promise<Result>): Promise<Result> => {
  try {
    return await make();
  } catch (error) {
    if (error instanceof ConfigError || !(error instanceof Error)) throw error;
    const [, option, words] = /^"([\w.[\]]+)":? (.+)$/.exec(error.message) ?? [];
    throw problemAt([...keys, ...(option?.split('.') ?? [])], words ?? error.message);
  }
};
