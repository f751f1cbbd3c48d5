import * as v from 'valibot';
import {createKeycloak} from '../keycloak.js';
import {below, text} from '../check-options.js';
import {nameAndPassword, type NameAndPassword} from './name-and-password.js';
import {definePlatform, type BrokerPlatform} from './platform.js';

export interface SupermapImanagerOptions {
  readonly secret: NameAndPassword;
  /** The URL of Keycloak, which has an address of its own in older editions. Default: `server`. */
  readonly authServer?: string | undefined;
  /** What stands in front of `/realms` there. Keycloak 17 and later have nothing: `""`. Default: `/auth`. */
  readonly authPath?: string | undefined;
  /** Default: `imanager`. */
  readonly realm?: string | undefined;
  /** Default: `imanager`. */
  readonly clientId?: string | undefined;
}

const schema = v.strictObject({
  secret: nameAndPassword,
  authServer: v.optional(text),
  authPath: v.optional(
    v.pipe(v.string('must be text'), v.regex(/^(\/[\w.~-]+)*$/, 'must be "" or a path such as "/auth"')),
    '/auth',
  ),
  realm: v.optional(v.pipe(v.string('must be text'), v.regex(/^[\w.-]+$/, 'must be the name of a realm')), 'imanager'),
  clientId: v.optional(text, 'imanager'),
});

/** SuperMap iManager: a token of its Keycloak. The refresh token stays here. */
export const supermapImanager: BrokerPlatform<SupermapImanagerOptions> = definePlatform({
  schema,
  closed: /^\/(.*\/)?(realms|security\/tokens)(\/|[.]|$)/,
  create({secret, authServer, authPath, realm, clientId}, {server, upstream, ask, now}) {
    const base = authServer === undefined ? server : upstream('authServer', authServer);
    const keycloak = createKeycloak({realm: below(base, `${authPath}/realms/${realm}`), clientId, ask, now});
    return {
      async obtain({previous}) {
        const refreshed = previous?.refresh ? await keycloak.refresh(previous.refresh) : undefined;
        return refreshed ?? keycloak.signIn(secret);
      },
      end: ({refresh}, signal) => keycloak.signOut(refresh, signal),
    };
  },
});
