import {relativePath} from './distribution.js';
import {realmName} from './realm.js';

/** The account that Keycloak makes at its first start. */
export interface Administrator {
  readonly username: string;
  readonly password: string;
}

export interface Admin {
  importRealm(realm: object): Promise<void>;
  /** Changes settings of the realm, such as `revokeRefreshToken`. */
  configure(settings: object): Promise<void>;
  /** How many sessions somebody has. */
  sessionsOf(username: string): Promise<number>;
  /** Ends all sessions of somebody, as an administrator does. */
  endSessionsOf(username: string): Promise<void>;
  setEnabled(username: string, enabled: boolean): Promise<void>;
}

/** The few calls of Keycloak's Admin REST API that the tests need. */
export const openAdmin = (origin: string, {username, password}: Administrator): Admin => {
  const base = `${origin}${relativePath}`;

  const token = async (): Promise<string> => {
    const response = await fetch(`${base}/realms/master/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({grant_type: 'password', client_id: 'admin-cli', username, password}),
    });
    if (!response.ok) throw new Error(`The administrator gets no token: ${response.status}.`);
    const {access_token}: {access_token: string} = await response.json();
    return access_token;
  };

  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const response = await fetch(`${base}/admin/realms${path}`, {
      method,
      headers: {authorization: `Bearer ${await token()}`, 'content-type': 'application/json'},
      ...(body ? {body: JSON.stringify(body)} : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };

  const idOf = async (name: string): Promise<string> => {
    const response = await call('GET', `/${realmName}/users?exact=true&username=${encodeURIComponent(name)}`);
    const [user]: {id: string}[] = await response.json();
    if (!user) throw new Error(`Nobody is called ${name}.`);
    return user.id;
  };

  return {
    importRealm: async (realm) => void (await call('POST', '', realm)),
    configure: async (settings) => void (await call('PUT', `/${realmName}`, settings)),
    async sessionsOf(name) {
      const response = await call('GET', `/${realmName}/users/${await idOf(name)}/sessions`);
      const sessions: unknown[] = await response.json();
      return sessions.length;
    },
    endSessionsOf: async (name) => void (await call('POST', `/${realmName}/users/${await idOf(name)}/logout`)),
    setEnabled: async (name, enabled) => void (await call('PUT', `/${realmName}/users/${await idOf(name)}`, {enabled})),
  };
};
