import * as v from 'valibot';
import {refuse, troubleAnswer} from './answer.js';
import {callable, checkOptions, invalidOption, pageOrigins, text, upstreamUrl} from './check-options.js';
import {commonEntries, type CommonOptions} from './common-options.js';
import {createForward} from './forward.js';
import {guarded} from './gate.js';
import type {CredentialHandler, Handler, ServerCredential} from './handler.js';
import {platformNames} from './platform-names.js';
import type {BrokerPlatform} from './platforms/platform.js';
import {platforms, type BrokerPlatformName} from './platforms/registry.js';
import {attachDefault} from './proxy-headers.js';
import {checkMount, checkPaths, upstreamFor} from './upstream-path.js';

export interface MapProxyOptions extends CommonOptions {
  /** The path that the proxy is served under. Default: `/`. */
  readonly mount?: string | undefined;
  /** The server that is asked, with a path in front of all others where it has one. https, unless it is on this machine. */
  readonly upstream: string;
  /** Prefixes, by whole segments, of the upstream's paths that may be asked for: `["/rest/Spatial/"]`. */
  readonly paths: readonly string[];
  /** How the credential is put on a request. Default: the platform of `broker`; without one a Bearer token. */
  readonly platform?: BrokerPlatformName | undefined;
  /** What is put on a request; a function such as the `credential` of a sign-in. `undefined` is a 401. */
  readonly credential?: CredentialHandler['credential'] | undefined;
  /** A token broker, in place of `credential`. */
  readonly broker?: (CredentialHandler & {readonly platform?: BrokerPlatformName | undefined}) | undefined;
  /** Bytes of one answer, at most. Default: 256 MiB. */
  readonly maxBytes?: number | undefined;
}

const schema = v.strictObject({
  ...commonEntries,
  mount: v.optional(text, '/'),
  upstream: text,
  paths: v.pipe(v.array(text, 'must be an array of paths'), v.minLength(1, 'must name at least one path')),
  platform: v.optional(v.picklist(platformNames, `must be one of ${platformNames.join(', ')}`)),
  credential: v.optional(callable),
  broker: v.optional(callable),
  maxBytes: v.optional(
    v.pipe(v.number('must be a number of bytes'), v.minValue(1, 'must be 1 or more')),
    256 * 2 ** 20,
  ),
});

const credentialOf = ({broker, credential}: MapProxyOptions): CredentialHandler['credential'] => {
  if (broker && credential) throw invalidOption('credential', 'is not for use with "broker"');
  if (credential) return credential;
  if (!broker) throw invalidOption('credential', 'is missing, or "broker" in its place');
  if (typeof broker.credential !== 'function') throw invalidOption('broker', 'must be what createTokenBroker gives');
  return broker.credential.bind(broker);
};

/**
 * A handler that asks a map server in the visitor's stead, with the credential that the visitor is not given: GET and HEAD
 * of the listed paths, and nothing else.
 *
 * @throws BrokerError `invalid-option`, which names the option.
 */
export const createMapProxy = (options: MapProxyOptions): Handler => {
  const {mount, upstream, paths, platform, timeout, allowHttp, origins, maxBytes} = checkOptions(schema, options);
  const {authorize, onError, now = Date.now, fetch: network = fetch} = options;
  const credential = credentialOf(options);
  const name = platform ?? options.broker?.platform;
  const {attach = attachDefault, closed}: Partial<BrokerPlatform> = name ? platforms[name] : {};
  const places = {mount: checkMount(mount), base: upstreamUrl('upstream', upstream, allowHttp), paths, closed};
  checkPaths(places);
  const forward = createForward({
    fetch: network,
    now,
    attach,
    timeout: timeout * 1000,
    maxBytes,
    onError,
  });
  const gate = {authorize, origins: pageOrigins(origins, allowHttp), methods: ['GET', 'HEAD'], onError};

  const answer = async (request: Request): Promise<Response> => {
    const url = upstreamFor(new URL(request.url), places);
    if (url === 404) return refuse(404, 'not_found');
    if (url === 400) return refuse(400, 'bad_path');
    try {
      const given: ServerCredential | undefined = await credential(request, {signal: request.signal});
      if (!given) return refuse(401, 'unauthorized');
      const renew = (): Promise<ServerCredential | undefined> =>
        credential(request, {reason: 'unauthorized', rejected: given, signal: request.signal});
      return await forward(request, url, given, renew);
    } catch (error) {
      // A visitor who has left is no trouble: the map asks for many parts that it does not wait for.
      if (request.signal.aborted) return refuse(400, 'request_failed');
      onError?.(error);
      return troubleAnswer(error);
    }
  };

  return (request) => guarded(request, gate, () => answer(request));
};
