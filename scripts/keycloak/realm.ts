/** What the tests shorten: the document has 300 s for the access token and 1800 s for the refresh token. */
export interface Lifetimes {
  readonly accessSeconds: number;
  readonly refreshSeconds: number;
}

export interface Account {
  readonly username: string;
  readonly password: string;
  readonly enabled: boolean;
}

export interface RealmOptions extends Lifetimes {
  /** Where a sign-in may return to. */
  readonly redirectUris: readonly string[];
  readonly accounts: readonly Account[];
}

export const realmName = 'imanager';
export const clientId = 'imanager';

/** Realm and client `imanager` of the document, as Keycloak's import format has them. */
export const realmOf = ({accessSeconds, refreshSeconds, redirectUris, accounts}: RealmOptions): object => ({
  realm: realmName,
  enabled: true,
  accessTokenLifespan: accessSeconds,
  ssoSessionIdleTimeout: refreshSeconds,
  revokeRefreshToken: false,
  refreshTokenMaxReuse: 0,
  clients: [
    {
      clientId,
      // The document sends no client secret with the password grant.
      publicClient: true,
      directAccessGrantsEnabled: true,
      standardFlowEnabled: true,
      redirectUris,
      // `allowed-origins: ["*"]` is in the document's token.
      webOrigins: ['*'],
      attributes: {'pkce.code.challenge.method': 'S256', 'post.logout.redirect.uris': '+'},
    },
  ],
  users: accounts.map(({username, password, enabled}) => ({
    username,
    enabled,
    // Without these Keycloak takes an account for one that is not set up.
    email: `${username}@city.example`,
    emailVerified: true,
    firstName: username,
    lastName: 'Example',
    credentials: [{type: 'password', value: password, temporary: false}],
  })),
});
