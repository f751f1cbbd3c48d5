import type {StorageKind} from '../credentials/open-vault.js';
import {SecureMapError} from '../credentials/errors.js';
import {isRecord} from '../credentials/is-record.js';
import {originScope, parseScope, type Scope} from '../credentials/scope.js';
import type {TransportKind} from '../request/transport.js';
import {transports, type TransportName} from '../request/transports/registry.js';
import type {GetToken, SourceFields} from '../sources/source-kind.js';
import {parseChoice, parseJson, parseNumber} from './attributes.js';
import {attachOfTag} from './platform-settings.js';
import type {SecureMapElement} from './secure-map-element.js';

/** The properties of the tag, and the fields of an entry of `credentials`, that name a source. */
export const sourceFields = [
  'token',
  'getToken',
  'tokenUrl',
  'sessionUrl',
  'loginUrl',
  'loginKind',
  'logoutUrl',
  'authority',
  'authorizationEndpoint',
  'tokenEndpoint',
  'revocationEndpoint',
  'issuer',
  'clientId',
  'scope',
  'resource',
  'redirectUri',
  'postLogoutRedirectUri',
  'dpop',
] as const satisfies readonly (keyof SourceFields)[];

/** How a credential travels, as the page wrote it. */
export interface Carriage {
  readonly transport: TransportName;
  readonly name: string | undefined;
  readonly prefix: string | undefined;
  /** What the transport is called in messages: an attribute, or a field of `credentials`. */
  readonly attribute: string;
  /** The platform wants it so, and not the markup: a cookie has its own way there. */
  readonly isOfPlatform?: boolean | undefined;
  /** The one origin that is told from which page a request comes. */
  readonly referrerFor?: string | undefined;
}

/** One credential of the page: where it comes from, where it may go, and how. */
export interface IdentitySettings {
  readonly id?: string | undefined;
  readonly fields: SourceFields;
  readonly scope: Scope;
  readonly carriage: Carriage;
  readonly storage: StorageKind;
  /** Milliseconds. */
  readonly refreshSkew: number | undefined;
}

interface Written {
  readonly transport: string;
  readonly name: string | undefined;
  readonly prefix: string | undefined;
  readonly storage: string;
  readonly refreshSkew: string | number | undefined;
}

const wrong = (where: string, why: string): SecureMapError =>
  new SecureMapError('invalid-attribute', `${where}: ${why}.`);

const isTransport = (name: string): name is TransportName => Object.hasOwn(transports, name);

const transportNames = Object.keys(transports).filter(isTransport);

/** `names` are what the transport, its name and its prefix are called in messages. */
const readCarriage = (
  {transport: chosen, name, prefix}: Written,
  names: readonly [string, string, string],
): Carriage => {
  const transport = parseChoice(names[0], chosen, transportNames);
  const kind: TransportKind = transports[transport];
  const meansNothing = (where: string): SecureMapError =>
    wrong(where, `means nothing with the transport "${transport}"`);
  if (name !== undefined && !kind.name) throw meansNothing(names[1]);
  if (prefix !== undefined && !kind.hasPrefix) throw meansNothing(names[2]);
  if (name !== undefined && !kind.name?.pattern.test(name)) {
    throw wrong(names[1], `is not the name of a ${kind.name?.what ?? 'header'}`);
  }
  return {transport, name, prefix, attribute: names[0]};
};

const readSkew = (attribute: string, value: string | number | undefined): number | undefined =>
  value === undefined ? undefined : 1000 * parseNumber(attribute, value, 'a number of seconds, 0 or more', 0);

/** By default a credential may go to where the page's own markup says that the map is. Never to what a config names. */
const readScope = ({allowedOrigins, config, server}: SecureMapElement): Scope => {
  if (allowedOrigins !== undefined) return parseScope('allowed-origins', allowedOrigins);
  return [server, config].flatMap((named) => {
    const url = typeof named === 'string' ? URL.parse(named, document.baseURI) : null;
    return url ? originScope(url) : [];
  });
};

/** As the tag says; where it says nothing, as its platform wants it. */
const readOwnCarriage = (element: SecureMapElement, written: Written): Carriage => {
  const attach = attachOfTag(element);
  const {transport = 'header', name, prefix, referrerPolicy} = attach ?? {};
  const names = ['token-transport', 'token-name', 'token-prefix'] as const;
  if (!attach) return readCarriage(written, names);
  const carriage = {...readCarriage({...written, transport, name, prefix}, names), isOfPlatform: true};
  const server = referrerPolicy && URL.parse(element.server ?? '', document.baseURI);
  return server ? {...carriage, referrerFor: server.origin} : carriage;
};

/** What the tag's own attributes say. */
export const readOwn = (element: SecureMapElement): IdentitySettings => {
  const {tokenTransport: transport, tokenName: name, tokenPrefix: prefix, tokenStorage: storage, refreshSkew} = element;
  if (element.hasAttribute('client-secret')) {
    throw wrong('client-secret', 'has no place in a page, which everybody can read: use a public client with PKCE');
  }
  // Also where no source of the tag takes note of it.
  parseChoice('dpop', element.dpop, ['auto', 'off', 'required']);
  const written = {transport, name, prefix, storage, refreshSkew};
  return {
    fields: {
      ...Object.fromEntries(sourceFields.map((field) => [field, element[field] ?? undefined])),
      token: element.givenToken,
      embed: element.embed,
    },
    scope: readScope(element),
    carriage: readOwnCarriage(element, written),
    storage: parseChoice('token-storage', storage, ['memory', 'session', 'local']),
    refreshSkew: readSkew('refresh-skew', refreshSkew),
  };
};

const known = ['id', 'origins', 'transport', 'name', 'prefix', 'storage', 'refreshSkew', ...sourceFields];

const text = (where: string, value: unknown): string | undefined => {
  if (value === undefined || typeof value === 'string') return value;
  throw wrong(where, 'must be a string');
};

const readOrigins = (where: string, value: unknown): Scope => {
  const origins: unknown = Array.isArray(value) ? value.join(' ') : value;
  if (typeof origins !== 'string' || origins.trim() === '') {
    throw wrong(where, 'must name the origins that may receive the credential');
  }
  return parseScope(where, origins);
};

const isFunction = (value: unknown): value is GetToken => typeof value === 'function';

const readEntry = (entry: unknown, where: string): IdentitySettings => {
  if (!isRecord(entry)) throw wrong(where, 'must be an object');
  const stranger = Object.keys(entry).find((key) => !known.includes(key));
  if (stranger !== undefined) throw wrong(`${where}.${stranger}`, `is not known. Allowed: ${known.join(' ')}`);
  const {getToken, refreshSkew} = entry;
  if (getToken !== undefined && !isFunction(getToken)) throw wrong(`${where}.getToken`, 'must be a function');
  if (refreshSkew !== undefined && typeof refreshSkew !== 'number')
    throw wrong(`${where}.refreshSkew`, 'must be a number');
  const texts = Object.fromEntries(
    [...sourceFields, 'id', 'transport', 'name', 'prefix', 'storage']
      .filter((field) => field !== 'getToken')
      .map((field) => [field, text(`${where}.${field}`, entry[field])]),
  );
  const {id, transport = 'header', name, prefix, storage = 'memory'} = texts;
  return {
    id,
    fields: {
      ...Object.fromEntries(sourceFields.map((field) => [field, texts[field]])),
      getToken,
    },
    scope: readOrigins(`${where}.origins`, entry['origins']),
    carriage: readCarriage({transport, name, prefix, storage, refreshSkew}, [
      `${where}.transport`,
      `${where}.name`,
      `${where}.prefix`,
    ]),
    storage: parseChoice(`${where}.storage`, storage, ['memory', 'session', 'local']),
    refreshSkew: readSkew(`${where}.refreshSkew`, refreshSkew),
  };
};

/** `credentials`: several identities on one map, each with its own origins. */
export const readCredentials = (value: unknown): readonly IdentitySettings[] => {
  const list = parseJson('credentials', value);
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw wrong('credentials', 'must be an array of credentials');
  const entries = list.map((entry, index) => {
    const where = `credentials[${index}]`;
    if (typeof value === 'string' && isRecord(entry) && 'token' in entry) {
      throw wrong(`${where}.token`, 'is not taken from markup: set the property "credentials", or use tokenUrl');
    }
    return readEntry(entry, where);
  });
  const ids = entries.flatMap(({id}) => (id === undefined ? [] : [id]));
  if (new Set(ids).size !== ids.length) throw wrong('credentials', 'has an id twice');
  if (ids.includes('none')) throw wrong('credentials', 'has the id "none", which means no credential');
  return entries;
};
