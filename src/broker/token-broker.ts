import * as v from 'valibot';
import {AccountKeeper} from './account-keeper.js';
import {json, refuse, troubleAnswer} from './answer.js';
import {createAsk} from './ask-platform.js';
import {checkOptions, invalidOption, pageOrigins, text, upstreamUrl} from './check-options.js';
import {commonEntries, type CommonOptions} from './common-options.js';
import {guarded} from './gate.js';
import type {CredentialHandler, CredentialWish} from './handler.js';
import {platformNames} from './platform-names.js';
import type {BrokerPlatform} from './platforms/platform.js';
import {platforms, type BrokerPlatformName, type BrokerPlatformOptions} from './platforms/registry.js';

export type TokenBrokerOptions = CommonOptions & {
  /** The base URL of the platform. https, unless it is on this machine. */
  readonly server: string;
} & BrokerPlatformOptions;

/** Answers `token-url` of the tag, and tells a map proxy what to put on its requests. */
export interface TokenBroker extends CredentialHandler {
  readonly platform: BrokerPlatformName;
  /**
   * Forgets the account's credential, and ends it at the platform where that can be done (Spectrum, Keycloak). All
   * visitors share it: for the end of the process, not for the sign-out of one of them. The next request begins anew.
   */
  signOut(): Promise<void>;
}

const schema = v.strictObject({
  ...commonEntries,
  server: text,
  platform: v.picklist(platformNames, `must be one of ${platformNames.join(', ')}`),
});

/** Credentials of one account that may be bound to different things at a time. More means somebody makes them up. */
const MOST_VARIANTS = 32;
/** Milliseconds. One that was used since is not given up for another; so the platform is not stormed either. */
const LEAST_STAY = 60_000;

const anyOptions = v.record(v.string(), v.unknown(), 'must be an object');

/** Splits what every broker takes from what this platform takes. */
const split = (options: TokenBrokerOptions): [Record<string, unknown>, Record<string, unknown>] => {
  const isOwn = ([key]: [string, unknown]): boolean => Object.hasOwn(schema.entries, key);
  const all = Object.entries(checkOptions(anyOptions, options));
  return [Object.fromEntries(all.filter(isOwn)), Object.fromEntries(all.filter((entry) => !isOwn(entry)))];
};

/**
 * A handler for `token-url`: asks the site whether the visitor may, and answers
 * `{access_token, token_type, expires_in}` with a token of the account that the broker has at the platform.
 *
 * What it keeps is a cache: any number of instances serve the same site.
 *
 * @throws BrokerError `invalid-option`, which names the option.
 */
export const createTokenBroker = (options: TokenBrokerOptions): TokenBroker => {
  const [own, rest] = split(options);
  const {platform: name, server, allowHttp, timeout, origins} = checkOptions(schema, own);
  const {authorize, onError, now = Date.now, fetch: network = fetch} = options;
  const platform: BrokerPlatform = platforms[name];
  const upstream = (option: string, value: string): URL => upstreamUrl(option, value, allowHttp);
  const account = platform.open(rest, {
    server: upstream('server', server),
    upstream,
    ask: createAsk({fetch: network, now, timeout: timeout * 1000}),
    now,
  });
  const keepers = new Map<string, {readonly keeper: AccountKeeper; readonly usedAt: number}>();

  const makeRoom = (): void => {
    const [oldest] = keepers;
    if (keepers.size < MOST_VARIANTS || !oldest) return;
    const [variant, {usedAt}] = oldest;
    if (now() - usedAt < LEAST_STAY) throw invalidOption('referer', 'has to be given: too many origins ask');
    keepers.delete(variant);
  };

  const keeperFor = (request: Request): AccountKeeper => {
    const variant = account.variant?.(request) ?? '';
    const known = keepers.get(variant);
    if (!known) makeRoom();
    const keeper = known?.keeper ?? new AccountKeeper(account, variant, now);
    // At the end: the first is the one that was not used for longest.
    keepers.delete(variant);
    keepers.set(variant, {keeper, usedAt: now()});
    return keeper;
  };

  const gate = {authorize, origins: pageOrigins(origins, allowHttp), methods: ['GET', 'POST'], onError};

  const answer = async (request: Request): Promise<Response> => {
    if (account.isForProxyOnly) return refuse(404, 'not_found');
    const reason = new URL(request.url).searchParams.get('reason') === 'unauthorized' ? 'unauthorized' : undefined;
    try {
      const {credential} = await keeperFor(request).obtain({reason, signal: request.signal});
      const {token, type = 'Bearer', expiresAt} = credential;
      const lifetime = expiresAt === undefined ? {} : {expires_in: Math.max(0, Math.round((expiresAt - now()) / 1000))};
      return json(200, {access_token: token, token_type: type, ...lifetime});
    } catch (error) {
      // A visitor who has left is no trouble.
      if (request.signal.aborted) return refuse(400, 'request_failed');
      onError?.(error);
      return troubleAnswer(error);
    }
  };

  return Object.assign((request: Request) => guarded(request, gate, () => answer(request)), {
    platform: name,
    credential: async (request: Request, wish: CredentialWish = {}) =>
      (await authorize(request)) ? (await keeperFor(request).obtain(wish)).credential : undefined,
    signOut: async () => {
      const ending = [...keepers.values()].map(({keeper}) => keeper.end(AbortSignal.timeout(timeout * 1000)));
      const results = await Promise.allSettled(ending);
      for (const result of results) if (result.status === 'rejected') onError?.(result.reason);
    },
  });
};
