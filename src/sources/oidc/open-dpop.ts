import type {Environment} from '../../credentials/environment.js';
import {Dpop} from './dpop.js';
import {createKeyDatabase, type KeyStore} from './dpop-database.js';
import {DpopKeys} from './dpop-keys.js';

export interface OpenDpopOptions {
  /** One key for each session, whoever else signs in to the same client. */
  readonly name: string;
  readonly keys?: KeyStore | undefined;
  readonly databases?: IDBFactory | undefined;
}

/** All of DPoP, in a chunk of its own. */
export const openDpop = ({name, keys, databases}: OpenDpopOptions, environment: Environment): Dpop =>
  new Dpop(new DpopKeys(name, keys ?? (databases && createKeyDatabase(databases, environment))), environment);
