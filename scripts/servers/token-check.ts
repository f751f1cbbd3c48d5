import {createAccessCheck, type Access} from '../../demo/servers/access.js';
import type {SignInServer} from '../../demo/servers/sign-in-server.js';
import {openServer} from '../../demo/servers/local-server.js';

type Counts = Record<'granted' | 'forbidden' | 'refused' | 'none', number>;

/** The small service that nginx asks about every request: what is its token worth? */
export interface TokenCheck {
  /** Where nginx asks. */
  readonly url: string;
  /** How many requests were judged since the last reset, by the answer. */
  readonly counts: Readonly<Counts>;
  /** From now on every token issued so far has expired. */
  expireTokens(): void;
  /** Refuses every token, however new it is. */
  refuseAll(refuses: boolean): void;
  /** Told of every credential that is judged, before the answer. */
  onCredential(listener: (authorization: string) => void): () => void;
  reset(): void;
  stop(): Promise<void>;
}

export interface TokenCheckOptions {
  readonly signIn: SignInServer;
  /** Whom the provider says its tokens are for. */
  readonly audience: string;
  /** Lets the provider write the next generation into its tokens. */
  readonly nextGeneration: () => void;
}

interface Verdict {
  readonly count: keyof Counts;
  readonly status: number;
  readonly challenge?: string;
}

const judge = (access: Access, scope: string): Verdict => {
  // Without a credential one is told only how to come with one (RFC 6750, section 3.1).
  if (access.kind === 'none') return {count: 'none', status: 401, challenge: 'Bearer'};
  if (access.kind === 'refused') {
    const challenge = `Bearer error="invalid_token", error_description="${access.reason}"`;
    return {count: 'refused', status: 401, challenge};
  }
  return access.roles.includes(scope) ? {count: 'granted', status: 204} : {count: 'forbidden', status: 403};
};

const noCounts = (): Counts => ({granted: 0, forbidden: 0, refused: 0, none: 0});

/** Judges tokens as the demo's own map server does: by signature, issuer, audience, time and role. */
export const startTokenCheck = async ({signIn, audience, nextGeneration}: TokenCheckOptions): Promise<TokenCheck> => {
  const server = await openServer('127.0.0.1', 0);
  const {issuer, publicKeys} = signIn;
  const listeners = new Set<(authorization: string) => void>();
  const counts = noCounts();
  let generation = 0;
  let refuses = false;
  const check = createAccessCheck({issuer, audience, publicKeys, generation: () => generation});

  server.handle((request, response) => {
    const {authorization} = request.headers;
    if (authorization !== undefined) for (const listener of listeners) listener(authorization);
    const scope = String(request.headers['x-required-scope'] ?? '');
    const url = new URL(request.url ?? '/', server.origin);
    check({authorization, proof: undefined, method: request.method ?? 'GET', url})
      .then((access) => {
        const refused: Access = {kind: 'refused', reason: 'the token is not valid'};
        const {count, status, challenge} = judge(refuses && access.kind !== 'none' ? refused : access, scope);
        counts[count] += 1;
        response.writeHead(status, challenge ? {'www-authenticate': challenge} : {}).end();
      })
      .catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
  });

  return {
    url: `${server.origin}/check`,
    counts,
    expireTokens() {
      generation += 1;
      nextGeneration();
    },
    refuseAll: (next) => void (refuses = next),
    onCredential(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reset() {
      refuses = false;
      Object.assign(counts, noCounts());
    },
    stop: () => server.close(),
  };
};
