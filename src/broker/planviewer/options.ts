import * as v from 'valibot';
import {isSecure} from '../../credentials/scope.js';
import {callable, checkOptions, invalidOption, wholeSeconds} from '../check-options.js';
import {secretsSchema} from '../seal.js';
import {createReplay, type Replay} from './replay.js';

/** Planviewer, as it is known to the site: what is entered under "Beveiliging en toegang". */
export interface PlanviewerClient {
  /** "Client Id". */
  readonly clientId: string;
  /** "Client Secret": printable ASCII, and random. */
  readonly clientSecret: string;
  /** Compared character by character, such as `https://www.planviewer.nl/maps_api/v2/oauth/1/callback`. */
  readonly redirectUris: readonly string[];
}

export interface PlanviewerProviderOptions {
  readonly clients: readonly PlanviewerClient[];
  /**
   * Who the visitor of this request to `/authorize` is: anything that is no `Response` for somebody who may see the maps; a
   * `Response`, such as a redirect to the site's sign-in, to ask first; `undefined` for somebody who may not. Planviewer
   * knows no roles: whoever is let through sees every map of the application. Nothing of the user goes into a token.
   */
  readonly authenticate: (request: Request) => unknown;
  /**
   * Encrypts codes and tokens: a random string of at least 32 characters, the same for every instance. Of several the first
   * encrypts and all decrypt.
   */
  readonly key: string | readonly string[];
  /** Which codes were used. In memory by default, which is right for one instance. */
  readonly replay?: Replay | undefined;
  /** What Planviewer is given. Default `Bearer`. */
  readonly tokenType?: 'Bearer' | 'MAC' | undefined;
  /** How long an access token opens `/resource`. Default 900. */
  readonly accessTokenSeconds?: number | undefined;
  /** How long it can be renewed without the visitor, counted from their visit of `/authorize`. Default 28 800. */
  readonly refreshTokenSeconds?: number | undefined;
  /** Told what went wrong, for a log: what `authenticate` or `replay` threw. Visitors and Planviewer are told far less. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** The options with every default filled in, and checked. */
export interface PlanviewerSettings {
  readonly clients: ReadonlyMap<string, PlanviewerClient>;
  readonly secrets: readonly string[];
  readonly replay: Replay;
  readonly isMac: boolean;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly authenticate: (request: Request) => unknown;
  readonly report: (error: unknown) => void;
  readonly now: () => number;
}

const redirectUri = v.pipe(
  v.string('must be a URL'),
  v.check((value) => {
    const url = URL.parse(value);
    return url !== null && isSecure(url) && !url.hash;
  }, 'must be an https URL (http on this machine only) without a fragment'),
);

const client = v.strictObject({
  clientId: v.pipe(
    v.string('must be text'),
    v.regex(/^[\x21-\x39\x3b-\x7e]+$/u, 'must be printable ASCII without a colon'),
  ),
  clientSecret: v.pipe(v.string('must be text'), v.regex(/^[\x20-\x7e]+$/u, 'must be printable ASCII')),
  redirectUris: v.pipe(v.array(redirectUri, 'must be an array of URLs'), v.minLength(1, 'must name at least one URL')),
});

const schema = v.strictObject({
  clients: v.pipe(v.array(client, 'must be an array of clients'), v.minLength(1, 'must name at least one client')),
  authenticate: callable,
  key: secretsSchema,
  replay: v.optional(v.looseObject({claim: callable}, 'must be an object with the function "claim"')),
  tokenType: v.optional(v.picklist(['Bearer', 'MAC'], 'must be "Bearer" or "MAC"'), 'Bearer'),
  accessTokenSeconds: v.optional(wholeSeconds, 900),
  refreshTokenSeconds: v.optional(wholeSeconds, 28_800),
  onError: v.optional(callable),
  now: v.optional(callable),
});

/** @throws BrokerError `invalid-option`, which names the option. */
export const settingsOf = (options: PlanviewerProviderOptions): PlanviewerSettings => {
  const {clients, key, tokenType, accessTokenSeconds, refreshTokenSeconds} = checkOptions(schema, options);
  const {authenticate, onError, now = Date.now} = options;
  const known = new Map(clients.map((each) => [each.clientId, each]));
  if (known.size < clients.length) throw invalidOption('clients', 'has two with the same "clientId"');
  return {
    clients: known,
    secrets: key,
    replay: options.replay ?? createReplay(now),
    isMac: tokenType === 'MAC',
    accessTokenSeconds,
    refreshTokenSeconds,
    authenticate,
    report: onError ?? ((): void => undefined),
    now,
  };
};
