import {randomBytes} from 'node:crypto';
import {cp, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startHelper} from '../browsers/helper-process.js';
import {until} from '../browsers/until.js';
import {freePort} from '../servers/listening.js';
import {openAdmin, type Admin} from './admin.js';
import {relativePath} from './distribution.js';
import type {Java} from './java.js';
import {realmName, realmOf, type RealmOptions} from './realm.js';
import {startRecorder, type Recorder} from './recorder.js';

export interface Keycloak {
  /** What clients are told: the address of the recorder in front of it. */
  readonly origin: string;
  readonly issuer: string;
  readonly recorder: Recorder;
  readonly admin: Admin;
  stop(): Promise<void>;
}

export interface KeycloakOptions {
  /** A release, unpacked and built. */
  readonly distribution: string;
  readonly java: Java;
  readonly realm: RealmOptions;
}

/** A Keycloak of its own on loopback with the realm `imanager`, and nothing left of it afterwards. */
export const startKeycloak = async ({distribution, java, realm}: KeycloakOptions): Promise<Keycloak> => {
  const folder = await mkdtemp(join(tmpdir(), 'secure-map-keycloak-'));
  const home = join(folder, 'keycloak');
  await cp(distribution, home, {recursive: true});
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const administrator = {username: 'administrator', password: randomBytes(16).toString('hex')};
  const settings = [
    '--optimized',
    '--http-enabled=true',
    '--http-host=127.0.0.1',
    `--http-port=${port}`,
    // It calls itself what the client called it.
    '--hostname-strict=false',
    '--log-level=warn',
  ];
  const {child, stop} = startHelper(join(home, 'bin', 'kc.sh'), ['start', ...settings], ['ignore', 'pipe', 'pipe'], {
    ...process.env,
    JAVA_HOME: java.home,
    // Not worth the second compiler for a few minutes.
    JAVA_OPTS_APPEND: '-XX:TieredStopAtLevel=1',
    KC_BOOTSTRAP_ADMIN_USERNAME: administrator.username,
    KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
  });
  let told = '';
  const keep = (chunk: Buffer): void => void (told = `${told}${chunk.toString()}`.slice(-8_000));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const end = async (): Promise<void> => {
    stop();
    await ended;
    await rm(folder, {recursive: true, force: true});
  };

  try {
    const isReady = async (): Promise<boolean> => (await fetch(`${origin}${relativePath}/realms/master`)).ok;
    const early = ended.then(() => Promise.reject(new Error('it ended')));
    await Promise.race([until('Keycloak answers', isReady, 300), early]);
    const admin = openAdmin(origin, administrator);
    await admin.importRealm(realmOf(realm));
    const recorder = await startRecorder(new URL(origin));
    return {
      origin: recorder.origin,
      issuer: `${recorder.origin}${relativePath}/realms/${realmName}`,
      recorder,
      admin,
      async stop() {
        await recorder.stop();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw new Error(`Keycloak did not start. The last it said:\n${told}`, {cause: error});
  }
};
