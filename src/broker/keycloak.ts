import * as oauth from 'openid-client';
import {fromLifetime} from '../credentials/expiry.js';
import type {Ask} from './ask-platform.js';
import {BrokerError, findBrokerError} from './broker-error.js';
import type {NameAndPassword} from './platforms/name-and-password.js';
import type {Issued} from './platforms/platform.js';
import {readToken, refusedByPlatform} from './read-answer.js';

export interface KeycloakOptions {
  /** The URL of the realm. */
  readonly realm: URL;
  readonly clientId: string;
  readonly ask: Ask;
  readonly now: () => number;
}

type Refresh = NonNullable<Issued['refresh']>;

/** The realm of a Keycloak, as a public client of it that has an account (RFC 6749, sections 4.3 and 6). */
export interface Keycloak {
  signIn(account: NameAndPassword): Promise<Issued>;
  /** `undefined` when the realm takes the refresh token no more. */
  refresh(refresh: Refresh): Promise<Issued | undefined>;
  /** OpenID Connect RP-Initiated Logout as Keycloak does it without a browser: a POST with the refresh token. */
  signOut(refresh: Refresh | undefined, signal: AbortSignal): Promise<void>;
}

/** The library's errors carry the answer with them; what is kept is the status and the error's registered name. */
const toBrokerError = (error: unknown): BrokerError => {
  const known = findBrokerError(error);
  if (known) return known;
  if (error instanceof oauth.ResponseBodyError) {
    return refusedByPlatform(error.status, /^[a-z_]{1,40}$/.test(error.error) ? error.error : '');
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) return refusedByPlatform(error.status);
  return new BrokerError('platform-invalid', 'The answer of the realm is no token answer.');
};

export const createKeycloak = ({realm, clientId, ask, now}: KeycloakOptions): Keycloak => {
  const endpoint = (name: string): string => `${realm.href}/protocol/openid-connect/${name}`;
  const configuration = new oauth.Configuration(
    {issuer: realm.href, token_endpoint: endpoint('token')},
    clientId,
    undefined,
    oauth.None(),
  );
  // What may be asked over http is settled where the options are checked.
  oauth.allowInsecureRequests(configuration);
  configuration[oauth.customFetch] = async (url, init) => {
    const response = await ask(url, init as RequestInit);
    const isJson = /json/i.test(response.headers.get('content-type') ?? '');
    // Something in front of the realm says no; the library looks for the realm's own words.
    if ((response.status === 401 || response.status === 403) && !isJson) throw refusedByPlatform(response.status);
    return response;
  };

  const refreshOf = (token: string, lifetime: unknown): Refresh => ({
    token,
    // 0 stands for an offline token, which does not expire.
    expiresAt: Number(lifetime) > 0 ? fromLifetime(lifetime, now()) : undefined,
  });

  const issued = (answer: oauth.TokenEndpointResponse, refresh?: Refresh): Issued => {
    const received = now();
    const token = readToken(answer, 'access_token');
    const next = answer.refresh_token;
    return {
      // Keycloak's default where the answer does not say it is what the platform documents: five minutes.
      credential: {token, expiresAt: fromLifetime(answer.expires_in ?? 300, received)},
      refresh: next === undefined ? refresh : refreshOf(next, answer['refresh_expires_in']),
    };
  };

  const grant = async (type: string, parameters: Record<string, string>, before?: Refresh): Promise<Issued> => {
    try {
      return issued(await oauth.genericGrantRequest(configuration, type, parameters), before);
    } catch (error) {
      throw toBrokerError(error);
    }
  };

  return {
    signIn: ({username, password}) => grant('password', {username, password}),
    async refresh(refresh) {
      if ((refresh.expiresAt ?? Infinity) <= now()) return undefined;
      try {
        return await grant('refresh_token', {refresh_token: refresh.token}, refresh);
      } catch (error) {
        if (error instanceof BrokerError && error.code === 'platform-refused') return undefined;
        throw error;
      }
    },
    async signOut(refresh, signal) {
      if (!refresh) return;
      const body = new URLSearchParams({client_id: clientId, refresh_token: refresh.token});
      const response = await ask(endpoint('logout'), {method: 'POST', body, signal});
      if (!response.ok) throw refusedByPlatform(response.status);
    },
  };
};
