import type * as v from 'valibot';
import type {Ask} from '../ask-platform.js';
import {checkOptions} from '../check-options.js';
import type {ServerCredential} from '../handler.js';

/** What a platform has issued. Only `credential.token` may ever leave the server. */
export interface Issued {
  readonly credential: ServerCredential;
  /** Milliseconds without use after which the platform ends it, whatever `expiresAt` says. */
  readonly idleFor?: number | undefined;
  /** What the next one can be had with. */
  readonly refresh?: {readonly token: string; readonly expiresAt?: number | undefined} | undefined;
}

export interface ObtainWish {
  /** The last one issued, which may hold a refresh token. */
  readonly previous?: Issued | undefined;
  /** What `variant` gave for the request. */
  readonly variant: string;
  readonly signal: AbortSignal;
}

/** An account at a platform, as one broker has it. */
export interface Account {
  obtain(wish: ObtainWish): Promise<Issued>;
  /** Ends at the platform what it has issued, where the platform has a way to. */
  end?(issued: Issued, signal: AbortSignal): Promise<void>;
  /** What of a request makes a credential of its own, such as the origin a token is bound to. */
  variant?(request: Request): string;
  /** It works from this computer only, or would open more than a map: for a proxy, and never handed out. */
  readonly isForProxyOnly?: boolean | undefined;
}

export interface PlatformContext {
  readonly server: URL;
  /** Checks the URL of another server that is given the secret. */
  upstream(option: string, value: string): URL;
  readonly ask: Ask;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A map platform, server half: one file each, and a line in `registry.ts`. */
export interface BrokerPlatform<Options = unknown> {
  /** Checks the options of this platform, which may throw an `invalid-option`. */
  open(options: Options, context: PlatformContext): Account;
  /** Puts the credential on a request of the map proxy; by default in `Authorization`, and its cookies. */
  attach?(headers: Headers, credential: ServerCredential): void;
  /**
   * Paths that hand out or govern credentials, below which no proxy goes whatever its `paths` say. Compared with the
   * decoded path, in lower case and without matrix parameters.
   */
  readonly closed: RegExp;
}

interface PlatformDefinition<Options, Settings> extends Omit<BrokerPlatform<Options>, 'open'> {
  readonly schema: v.GenericSchema<Options, Settings>;
  /** Told the options as the schema leaves them, defaults filled in. */
  create(settings: Settings, context: PlatformContext): Account;
}

export const definePlatform = <Options, Settings>({
  schema,
  create,
  ...rest
}: PlatformDefinition<Options, Settings>): BrokerPlatform<Options> => ({
  ...rest,
  open: (options, context) => create(checkOptions(schema, options), context),
});
