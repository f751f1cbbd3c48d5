const central = 'https://repo.maven.apache.org/maven2';
const patience = 30_000;

/** Maven Central did not answer, or not with what was asked for. */
export class MavenError extends Error {
  override readonly name = 'MavenError';
}

/** A file of Maven Central; the body is read by the caller. */
export const askMaven = async (path: string, timeout = patience): Promise<Response> => {
  const url = `${central}/${path}`;
  const response = await fetch(url, {signal: AbortSignal.timeout(timeout)}).catch((error: unknown) => {
    throw new MavenError(`${url} does not answer: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (!response.ok) throw new MavenError(`${url} answers ${response.status}.`);
  return response;
};

const group = 'org/keycloak';

const releases = async (): Promise<readonly string[]> => {
  const metadata = await (await askMaven(`${group}/keycloak-quarkus-dist/maven-metadata.xml`)).text();
  const all = [...metadata.matchAll(/<version>(\d+\.\d+\.\d+)<\/version>/g)].flatMap(([, version]) => version ?? []);
  const parts = (version: string): number[] => version.split('.').map(Number);
  return all.toSorted((a, b) => {
    const [mine, other] = [parts(a), parts(b)];
    const at = mine.findIndex((part, index) => part !== other[index]);
    return at < 0 ? 0 : (other[at] ?? 0) - (mine[at] ?? 0);
  });
};

/** The Java that a release was compiled for, by the project file that all its parts share. */
const javaOf = async (version: string): Promise<number> => {
  const project = await (await askMaven(`${group}/keycloak-parent/${version}/keycloak-parent-${version}.pom`)).text();
  return Number(/<maven\.compiler\.release>(\d+)</.exec(project)?.[1]);
};

/** The newest release of Keycloak that this Java runs, and what it asks for; of older majors the newest each. */
export const newestFor = async (java: number): Promise<{version: string; needs: number} | undefined> => {
  const majors = new Map<string, string>();
  for (const version of await releases()) {
    const [major = ''] = version.split('.');
    if (!majors.has(major)) majors.set(major, version);
  }
  for (const version of majors.values()) {
    const needs = await javaOf(version);
    if (needs <= java) return {version, needs};
  }
  return undefined;
};

export const archiveOf = (version: string): string =>
  `${group}/keycloak-quarkus-dist/${version}/keycloak-quarkus-dist-${version}.tar.gz`;
