import {parseScope} from '../../../src/credentials/scope.js';
import {CredentialSession} from '../../../src/credentials/session.js';
import {
  createAuthorizedFetch,
  type Detour,
  type Exchange,
  type ExchangeOptions,
} from '../../../src/request/authorized-fetch.js';
import type {Identity} from '../../../src/request/route.js';
import type {TransportOptions} from '../../../src/request/transport.js';
import {transports, type TransportName} from '../../../src/request/transports/registry.js';
import {ScriptedFetch} from '../../doubles/scripted-fetch.js';
import {aCredential, ScriptedSignIn} from '../../doubles/scripted-source.js';
import {TestEnvironment} from '../../doubles/test-environment.js';

export const TILE = 'https://tiles.example/secure/1/2/3.png';

export interface Start {
  readonly answer?: ScriptedFetch['step'];
  readonly source?: ScriptedSignIn;
  readonly scope?: string;
  readonly detour?: Detour;
  readonly transport?: Partial<TransportOptions> & {readonly kind?: TransportName};
}

/** An authorized fetch with one identity for `https://tiles.example/secure/`. Its tokens are `t1`, `t2`, … */
export const setUp = ({answer, source, scope, transport, detour}: Start = {}) => {
  const network = new ScriptedFetch(answer ?? (() => new Response('fine')));
  const environment = new TestEnvironment(network.fetch);
  const used = source ?? new ScriptedSignIn((_, count) => aCredential(`t${count}`));
  const warnings: string[] = [];
  const session = new CredentialSession({source: used, environment});
  session.subscribe(() => undefined);
  const identity: Identity = {
    id: 'main',
    session,
    scope: parseScope('allowed-origins', scope ?? 'https://tiles.example/secure/'),
    transport: transports[transport?.kind ?? 'header'].create({
      now: () => environment.now(),
      warn: (message) => warnings.push(message),
      ...transport,
    }),
  };
  const identities: Identity[] = [identity];
  const blocked: [string, string | undefined][] = [];
  const authorizedFetch = createAuthorizedFetch({
    environment,
    identities: () => identities,
    onBlocked: (origin, layerId) => blocked.push([origin, layerId]),
    detour,
  });
  const ask = (url: string = TILE, init: RequestInit = {}, options: Partial<ExchangeOptions> = {}): Promise<Exchange> =>
    authorizedFetch(new Request(url, init), {whileSignedOut: 'fail', ...options});
  const status = async (...parameters: Parameters<typeof ask>): Promise<number> =>
    (await ask(...parameters)).response.status;
  return {
    network,
    environment,
    warnings,
    source: used,
    session,
    identity,
    identities,
    blocked,
    authorizedFetch,
    ask,
    status,
  };
};

/** A server that takes only the given tokens. */
export const accepting =
  (...tokens: readonly string[]): ScriptedFetch['step'] =>
  ({headers}) =>
    new Response(null, {
      status: tokens.some((token) => headers.get('authorization') === `Bearer ${token}`) ? 200 : 401,
    });
