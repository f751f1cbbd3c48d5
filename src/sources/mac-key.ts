import type {MacAlgorithm, MacKey} from '../credentials/credential.js';

const ALGORITHMS: readonly MacAlgorithm[] = ['hmac-sha-256', 'hmac-sha-1'];

/** `mac_key` and `mac_algorithm` of a token answer (draft-ietf-oauth-v2-http-mac-05 §4.2); undefined when of no use. */
export const readMacKey = (key: unknown, algorithm: unknown): MacKey | undefined => {
  const known = ALGORITHMS.find((name) => name === algorithm);
  return typeof key === 'string' && key !== '' && known ? {key, algorithm: known} : undefined;
};
