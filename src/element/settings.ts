import {SecureMapError} from '../credentials/errors.js';
import {covers, originScope} from '../credentials/scope.js';
import {transports} from '../request/transports/registry.js';
import {withReferrer} from '../request/with-referrer.js';
import type {SourceKind, SourceSettings} from '../sources/source-kind.js';
import {parseCenter, parseExtent, parseNumber} from './attributes.js';
import type {AuthSettings} from './auth-controller.js';
import {readCredentials, readOwn, sourceFields, type IdentitySettings} from './identity-settings.js';
import type {ViewSettings} from './map-controller.js';
import type {SecureMapElement} from './secure-map-element.js';
import type {Viewer} from './viewer.js';

/** Where a credential may go and how, and where it is kept. */
const bindingFields = [
  'allowedOrigins',
  'credentials',
  'tokenTransport',
  'tokenName',
  'tokenPrefix',
  'tokenStorage',
  'refreshSkew',
  'config',
  'platform',
  'server',
  'platformOptions',
  'embed',
];

/** True for a property that says where a credential comes from or where it may go. */
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

/** `callback.html` stands beside the module, and serves only when that is of the page's own origin. */
const callbackUrl = (moduleUrl: string | undefined): string | undefined => {
  const url = moduleUrl === undefined ? null : URL.parse('callback.html', moduleUrl);
  return url?.origin === location.origin ? url.href : undefined;
};

/** A cookie session has no token: there is one way for it to travel, and the page's own origin has it anyway. */
const asCookie = (settings: IdentitySettings): IdentitySettings => {
  const {carriage, scope} = settings;
  const {transport, name, prefix, attribute, isOfPlatform} = carriage;
  const wrong = (what: string): SecureMapError =>
    new SecureMapError('invalid-attribute', `${attribute}: a cookie session has no token${what}.`);
  if (!isOfPlatform && transport !== 'header' && transport !== 'cookie') throw wrong(` to be sent by "${transport}"`);
  if (!isOfPlatform && (name !== undefined || prefix !== undefined))
    throw wrong(', so that a name or a prefix for it means nothing');
  return {
    ...settings,
    carriage: {attribute, transport: 'cookie', name: undefined, prefix: undefined},
    scope: [...scope, ...originScope(new URL(location.href))],
    storage: 'memory',
  };
};

/** An identity together with its source. */
const bind = (
  written: IdentitySettings,
  slot: number,
  kind: SourceKind,
  {element, viewer}: {readonly element: SecureMapElement; readonly viewer: Viewer},
): AuthSettings => {
  const settings = kind.carriedBy === 'cookie' ? asCookie(written) : written;
  const {carriage, scope} = settings;
  const {environment} = viewer;
  const source: SourceSettings = {
    environment,
    pageUrl: document.baseURI,
    callbackUrl: callbackUrl(element.parts.moduleUrl),
    tokenType: carriage.transport === 'mac' ? 'MAC' : undefined,
    byCookie: carriage.transport === 'cookie',
    isStored: settings.storage !== 'memory',
    allows: (url) => covers(scope, url),
    showFrame: async (signal) => viewer.frame?.show(signal),
  };
  const transport = transports[carriage.transport].create({
    name: carriage.name,
    prefix: carriage.prefix,
    now: () => environment.now(),
    warn: (message) => environment.warn?.(message),
  });
  const {referrerFor} = carriage;
  return {
    ...settings,
    slot,
    kind,
    source,
    transport: referrerFor === undefined ? transport : withReferrer(transport, referrerFor),
  };
};

/** A change of these is about where a credential goes, and not about who the visitor is. */
const routingFields = ['allowedOrigins', 'tokenName', 'tokenPrefix', 'config', 'platform', 'server', 'platformOptions'];

/** Takes the sessions that the attributes mean; a token that is set again goes on with the session that waits for it. */
export const configureSource = (element: SecureMapElement, viewer: Viewer, changed: readonly string[]): void => {
  const {auth} = viewer;
  const names = changed.filter(isSourceField);
  const isNextToken = names.every((name) => name === 'token') && auth.takesToken && element.givenToken !== undefined;
  if (names.includes('token') && !isNextToken) auth.unshared.forgetToken();
  try {
    const settings = [readOwn(element), ...readCredentials(element.credentials)];
    const isRouting = names.every((name) => routingFields.includes(name)) && auth.hasSessions && !auth.isByCookie;
    if (isRouting) {
      auth.rebind((slot, kind) => {
        const written = settings[slot];
        if (!written) throw new Error('An identity without its settings.');
        return bind(written, slot, kind, {element, viewer});
      });
      viewer.retry();
      return;
    }
    const identities = settings.flatMap((one, slot) => {
      const kind = element.parts.chooseSource(one.fields);
      return kind ? [bind(one, slot, kind, {element, viewer})] : [];
    });
    const own = identities.find(({slot}) => slot === 0);
    if (own && isNextToken) return auth.supply(own);
    const hadSession = auth.hasSessions;
    auth.configure(identities);
    viewer.changeSource(hadSession);
    if (element.loginRequired && element.hasUpdated) viewer.auth.probe();
  } catch (error) {
    if (!isNextToken) {
      // With a source that cannot be right, nothing is better than the wrong credential.
      const hadSession = auth.hasSessions;
      auth.clear();
      if (hadSession) viewer.changeSource(true);
    }
    throw error;
  }
};
