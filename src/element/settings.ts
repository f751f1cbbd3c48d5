import {SecureMapError} from '../credentials/errors.js';
import {originScope, parseScope, type Scope} from '../credentials/scope.js';
import {headerTransport} from '../request/transport.js';
import type {SourceFields, SourceSettings} from '../sources/source-kind.js';
import {parseCenter, parseChoice, parseExtent, parseNumber} from './attributes.js';
import {browserEnvironment} from './browser-environment.js';
import type {ViewSettings} from './map-controller.js';
import type {SecureMapElement} from './secure-map-element.js';
import type {Viewer} from './viewer.js';

const sourceFields = [
  'token',
  'getToken',
  'tokenUrl',
  'authority',
  'clientId',
  'scope',
  'resource',
  'redirectUri',
  'postLogoutRedirectUri',
] as const satisfies readonly (keyof SourceFields)[];

/** Where the credential may go and how: a change of these means another binding, not another session. */
const bindingFields = [
  'allowedOrigins',
  'tokenTransport',
  'tokenName',
  'tokenPrefix',
  'tokenStorage',
  'refreshSkew',
  'config',
];

/** True for a property that says where the credential comes from or where it may go. */
export const isSourceField = (name: string): boolean =>
  sourceFields.some((field) => field === name) || bindingFields.includes(name);

export const viewFields: readonly string[] = ['center', 'zoom', 'rotation', 'extent', 'projection'];

export const readView = ({center, zoom, rotation, extent, projection}: SecureMapElement): ViewSettings => ({
  ...(center === undefined ? {} : {center: parseCenter(center)}),
  ...(zoom === undefined ? {} : {zoom: parseNumber('zoom', zoom, 'a zoom level (a number)')}),
  ...(rotation === undefined ? {} : {rotation: parseNumber('rotation', rotation, 'an angle in radians')}),
  ...(extent === undefined ? {} : {extent: parseExtent(extent)}),
  ...(projection === undefined ? {} : {projection}),
});

/** By default a credential may go to where the page's own markup says that the map is. Never to what a config names. */
const readScope = ({allowedOrigins, config}: SecureMapElement): Scope => {
  if (allowedOrigins !== undefined) return parseScope('allowed-origins', allowedOrigins);
  const url = typeof config === 'string' ? URL.parse(config, document.baseURI) : null;
  return url ? originScope(url) : [];
};

const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

const readTransport = ({tokenTransport, tokenName, tokenPrefix}: SecureMapElement) => {
  parseChoice('token-transport', tokenTransport, ['header']);
  if (tokenName !== undefined && !HEADER_NAME.test(tokenName)) {
    throw new SecureMapError('invalid-attribute', 'token-name: is not the name of a header.');
  }
  return headerTransport({name: tokenName, prefix: tokenPrefix});
};

/** `callback.html` stands beside the module, and serves only when that is of the page's own origin. */
const callbackUrl = (moduleUrl: string | undefined): string | undefined => {
  const url = moduleUrl === undefined ? null : URL.parse('callback.html', moduleUrl);
  return url?.origin === location.origin ? url.href : undefined;
};

const readFields = (element: SecureMapElement): SourceFields => ({
  ...Object.fromEntries(sourceFields.map((field) => [field, element[field] ?? undefined])),
  token: element.givenToken,
});

/** Takes the session that the attributes mean; a token that is set again goes on with the session that waits for it. */
export const configureSource = (element: SecureMapElement, viewer: Viewer, changed: readonly string[]): void => {
  const {parts, refreshSkew} = element;
  const fields = readFields(element);
  const source: SourceSettings = {
    environment: browserEnvironment,
    pageUrl: document.baseURI,
    callbackUrl: callbackUrl(parts.moduleUrl),
  };
  const others = changed.filter((name) => isSourceField(name) && name !== 'token');
  const isNextToken = others.length === 0 && viewer.auth.session !== undefined && fields.token !== undefined;
  try {
    const kind = parts.chooseSource(fields);
    if (kind && isNextToken) return viewer.auth.supply(kind, fields, source);
    const hadSession = viewer.auth.session !== undefined;
    viewer.auth.configure({
      kind,
      fields,
      source,
      scope: readScope(element),
      transport: readTransport(element),
      storage: parseChoice('token-storage', element.tokenStorage, ['memory', 'session', 'local']),
      refreshSkew:
        refreshSkew === undefined
          ? undefined
          : 1000 * parseNumber('refresh-skew', refreshSkew, 'a number of seconds, 0 or more', 0),
    });
    viewer.changeSource(hadSession);
    if (element.loginRequired && element.hasUpdated) viewer.askForSignIn();
  } catch (error) {
    // With a source that cannot be right, nothing is better than the wrong credential.
    if (!isNextToken) viewer.auth.clear();
    throw error;
  }
};
