import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {findBrowser} from './find-browser.js';
import {cached, distributionOf} from './keycloak/distribution.js';
import {findJava, type Java} from './keycloak/java.js';
import {MavenError, newestFor} from './keycloak/maven.js';
import {readNotes} from './keycloak/results.js';
import {runStep} from './test/step.js';

// The sign-in of the tag and the password grant of the broker at a real Keycloak: `npm run test:keycloak`. Everything on the
// command line goes to Playwright. Where Java or Maven Central is missing nothing is shown, and the exit status is 2.

const results = 'test-results';
const report = join(results, 'keycloak.json');

const nothingShown = (why: string): never => {
  console.log(`Keycloak skipped: ${why}\n0 passed, 0 failed`);
  process.exit(2);
};

/** The newest release of Maven Central, or the newest that was fetched before where that cannot be asked. */
const getKeycloak = async (java: Java): Promise<{version: string; home: string}> => {
  try {
    const newest = await newestFor(java.version);
    if (!newest) return nothingShown(`no release of Keycloak runs on Java ${java.version}`);
    return {version: newest.version, home: await distributionOf(newest.version, java)};
  } catch (error) {
    if (!(error instanceof MavenError)) throw error;
    const [version] = await cached();
    if (version === undefined) return nothingShown(`Maven Central is out of reach. ${error.message}`);
    console.log(`${error.message} Keycloak ${version} was fetched before.`);
    return {version, home: await distributionOf(version, java)};
  }
};

const java = findJava() ?? nothingShown('no Java found (JAVA_HOME, PATH, /usr/lib/jvm); Keycloak 26 needs 17 or later');
const {version, home} = await getKeycloak(java);
console.log(`Keycloak ${version} on Java ${java.version}`);

await mkdir(results, {recursive: true});
await rm(report, {force: true});
const dist = await mkdtemp(join(tmpdir(), 'secure-map-'));
try {
  const CHROME_PATH = findBrowser();
  // A build of its own: `dist` may be made anew meanwhile.
  const build = await runStep({
    name: 'build',
    command: ['vite', 'build', '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'],
    limit: 5,
  });
  const tests = await runStep({
    name: 'keycloak',
    command: [
      'playwright',
      'test',
      '--project=keycloak',
      // One Keycloak.
      '--workers=1',
      '--reporter=line,json',
      `--output=${results}/keycloak`,
      ...process.argv.slice(2),
    ],
    env: {
      DIST: dist,
      CHROME_PATH,
      KEYCLOAK_HOME: home,
      KEYCLOAK_JAVA_HOME: java.home,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    },
    report: {format: 'playwright', path: report},
    limit: 20,
  });
  if (tests.trouble) console.log(tests.trouble);
  const notes = await readNotes(report);
  for (const {title, requests} of notes.filter(({requests}) => requests.length > 0)) {
    console.log(`\n── ${title}\n`);
    for (const request of requests) console.log(`${request.replaceAll(/^/gm, '    ')}\n`);
  }
  console.log(`Keycloak ${version} on Java ${java.version}, realm and client imanager:`);
  for (const {file, title, passed} of notes) console.log(`${passed ? 'passed' : 'FAILED'}  ${file}: ${title}`);
  const failed = tests.failed + build.failed;
  console.log(`${tests.passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  await rm(dist, {recursive: true, force: true});
}
