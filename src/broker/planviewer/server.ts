import OAuth2Server from '@node-oauth/oauth2-server';
import * as v from 'valibot';
import {isSame} from '../digest.js';
import {createSeal, type Seal} from '../seal.js';
import type {PlanviewerSettings} from './options.js';

/** RFC 6749 §4.1.2 recommends ten minutes at most; Planviewer asks within seconds. */
const CODE_SECONDS = 60;

/** A visit of `/authorize` that was let through. `until`: when what came of it can no longer be renewed. */
const granted = {grant: v.string(), until: v.number()};
const code = v.object({
  ...granted,
  id: v.string(),
  client: v.string(),
  redirectUri: v.string(),
  scope: v.optional(v.array(v.string())),
  codeChallenge: v.optional(v.string()),
  codeChallengeMethod: v.optional(v.string()),
  exp: v.number(),
});
const token = v.object({
  ...granted,
  client: v.string(),
  scope: v.optional(v.array(v.string())),
  /** Of a MAC token: whoever has the token and not this key has nothing. */
  macKey: v.optional(v.string()),
  exp: v.number(),
});

/** What a token says, once it has been opened. */
export type OpenToken = v.InferOutput<typeof token>;

/** The state of one request: the library asks its model, which keeps nothing but what is in codes and tokens. */
export interface ServerOptions {
  readonly settings: PlanviewerSettings;
  readonly seal: Seal;
  /** What the token request says the code was sent to. */
  readonly redirectUri?: string | undefined;
}

export const createPlanviewerSeal = ({secrets, now}: PlanviewerSettings): Seal =>
  createSeal({secrets, purpose: 'planviewer', now});

/** Undefined for what was not sealed here, has been changed, or has expired. */
export const openToken = async (
  seal: Seal,
  kind: 'access' | 'refresh',
  text: string,
): Promise<OpenToken | undefined> => {
  const opened = await seal.open(kind, text);
  const parsed = opened.state === 'open' ? v.safeParse(token, opened.claims) : undefined;
  return parsed?.success ? parsed.output : undefined;
};

const date = (seconds: number): Date => new Date(seconds * 1000);
const randomKey = (): string => crypto.randomUUID().replaceAll('-', '') + crypto.randomUUID().replaceAll('-', '');

/**
 * The OAuth 2.0 server of `@node-oauth/oauth2-server` over a model without a store: codes and tokens are encrypted and say
 * themselves what they are for and until when; only that a code was used has to be remembered.
 */
export const createServer = ({settings, seal, redirectUri}: ServerOptions): OAuth2Server => {
  const {clients, replay, isMac, accessTokenSeconds, refreshTokenSeconds, now} = settings;

  const clientOf = (id: string): OAuth2Server.Client | undefined => {
    const client = clients.get(id);
    return client && {id, redirectUris: [...client.redirectUris], grants: ['authorization_code', 'refresh_token']};
  };
  const held = async (kind: 'access' | 'refresh', text: string) => {
    const opened = await openToken(seal, kind, text);
    const client = opened && clientOf(opened.client);
    return opened && client && {opened, client, user: {grant: opened.grant, until: opened.until}};
  };

  const model: OAuth2Server.AuthorizationCodeModel & OAuth2Server.RefreshTokenModel = {
    async getClient(id, secret: string | null) {
      const known = clients.get(id);
      // Compared in any case: how long the answer takes does not tell which clients there are.
      const isRight = secret === null || (await isSame(secret, known?.clientSecret ?? randomKey()));
      return isRight ? clientOf(id) : undefined;
    },

    async saveAuthorizationCode({authorizationCode: id, ...rest}, client, user) {
      const {redirectUri: sentTo, scope, codeChallenge, codeChallengeMethod} = rest;
      const claims = {id, client: client.id, redirectUri: sentTo, scope, codeChallenge, codeChallengeMethod, ...user};
      return {...rest, authorizationCode: await seal.seal('code', claims, CODE_SECONDS), client, user};
    },
    async getAuthorizationCode(text) {
      const opened = await seal.open('code', text);
      const parsed = opened.state === 'open' ? v.safeParse(code, opened.claims) : undefined;
      const client = parsed?.success ? clientOf(parsed.output.client) : undefined;
      if (!parsed?.success || !client) return undefined;
      const {exp, grant, until, id, redirectUri: sentTo, scope, codeChallenge, codeChallengeMethod} = parsed.output;
      return {
        id,
        authorizationCode: text,
        expiresAt: date(exp),
        redirectUri: sentTo,
        ...(scope ? {scope} : {}),
        ...(codeChallenge && codeChallengeMethod ? {codeChallenge, codeChallengeMethod} : {}),
        client,
        user: {grant, until},
      };
    },
    // Taken first, so that a wrong address uses the code up.
    revokeAuthorizationCode: async (used) =>
      (await replay.claim(`code:${String(used['id'])}`, CODE_SECONDS)) && used.redirectUri === redirectUri,

    async saveToken(issued, client, user) {
      const rest = Math.floor((Number(user['until']) - now()) / 1000);
      const seconds = Math.max(1, Math.min(accessTokenSeconds, rest));
      const macKey = isMac ? randomKey() : undefined;
      const claims = {...user, client: client.id, scope: issued.scope};
      const accessToken = await seal.seal('access', {...claims, macKey}, seconds);
      return {
        accessToken,
        // The library reads `expires_in` off its own clock, and rounds down.
        accessTokenExpiresAt: new Date(Date.now() + seconds * 1000 + 500),
        // A new one each time, which some clients need, with the same end; the old one is as good until then.
        refreshToken: await seal.seal('refresh', claims, Math.max(1, rest)),
        ...(issued.scope ? {scope: issued.scope} : {}),
        client,
        user,
        ...(macKey === undefined ? {} : {kid: accessToken, mac_key: macKey, mac_algorithm: 'hmac-sha-256'}),
      };
    },
    async getAccessToken(text) {
      const found = await held('access', text);
      // A token that is bound to a key is nothing by itself.
      if (!found || found.opened.macKey !== undefined) return undefined;
      const {opened, client, user} = found;
      return {accessToken: text, accessTokenExpiresAt: date(opened.exp), client, user};
    },
    async getRefreshToken(text) {
      const found = await held('refresh', text);
      if (!found) return undefined;
      const {opened, client, user} = found;
      const scope = opened.scope ? {scope: opened.scope} : {};
      return {refreshToken: text, refreshTokenExpiresAt: date(opened.exp), ...scope, client, user};
    },
    revokeToken: async () => true,
  };

  return new OAuth2Server({
    model,
    authorizationCodeLifetime: CODE_SECONDS,
    accessTokenLifetime: accessTokenSeconds,
    refreshTokenLifetime: refreshTokenSeconds,
    allowExtendedTokenAttributes: true,
  });
};
