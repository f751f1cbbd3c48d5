import * as v from 'valibot';
import {SecureMapError} from '../credentials/errors.js';
import {isRecord} from '../credentials/is-record.js';
import type {ConfigAdapter, Platform, PlatformContext, PlatformFrame, PlatformSettings} from './platform.js';
import {loadPlatform, platformNames} from './registry.js';
import {invalid} from './wrong.js';

/** The tag's attributes and properties about its platform, as the page wrote them; frameworks set what is absent to null. */
export interface PlatformTag {
  readonly platform?: string | Platform | null | undefined;
  readonly server?: string | null | undefined;
  readonly mapName?: string | null | undefined;
  readonly platformOptions?: unknown;
  readonly config?: unknown;
  readonly configAdapter?: ConfigAdapter | null | undefined;
  /** For relative addresses. */
  readonly pageUrl: string;
}

interface PlatformFields {
  readonly platform: string | Platform | undefined;
  readonly server: string | undefined;
  readonly map: string | undefined;
  readonly platformOptions: unknown;
  readonly config: unknown;
  readonly configAdapter: ConfigAdapter | undefined;
  readonly pageUrl: string;
}

const textOf = (value: string | null | undefined): string | undefined =>
  value === undefined || value === null ? undefined : String(value).trim();

const fieldsOf = (tag: PlatformTag): PlatformFields => ({
  platform: tag.platform ?? undefined,
  server: textOf(tag.server),
  map: textOf(tag.mapName),
  platformOptions: tag.platformOptions ?? undefined,
  config: tag.config ?? undefined,
  configAdapter: tag.configAdapter ?? undefined,
  pageUrl: tag.pageUrl,
});

/** A map configuration, still to be checked, and what the addresses in it are relative to; or a page in its place. */
export type PlatformMap =
  {readonly frame: PlatformFrame} | {readonly frame?: undefined; readonly document: unknown; readonly url: string};

const choose = async ({platform, ...fields}: PlatformFields): Promise<Platform> => {
  const allowed = `Allowed: ${platformNames.join(', ')}`;
  if (platform === undefined) {
    const given = fields.server ?? fields.map ?? fields.platformOptions;
    const name = given === undefined ? 'configAdapter' : 'server, map and platform-options';
    throw invalid(name, `mean nothing without a platform beside. ${allowed}`);
  }
  if (typeof platform !== 'string') {
    if (isRecord(platform) && typeof platform.layers === 'function') return platform;
    throw invalid('platform', `must be a name, or an object with a function "layers". ${allowed}`);
  }
  let found: Platform | undefined;
  try {
    found = await loadPlatform(platform);
  } catch (cause) {
    throw new SecureMapError('config-unavailable', 'platform: its part of secure-map.js could not be loaded.', {
      cause,
      reason: 'module',
    });
  }
  if (!found) throw invalid('platform', `${JSON.stringify(platform.slice(0, 60))} is not known. ${allowed}`);
  return found;
};

const readUrl = (attribute: string, written: string, pageUrl: string): URL => {
  const url = URL.parse(written, pageUrl);
  if (!url || !/^https?:$/.test(url.protocol)) throw invalid(attribute, 'must be an http(s) URL');
  if (url.username || url.password) throw invalid(attribute, 'has a user name or password in it');
  return url;
};

const readServer = ({server}: Platform, {server: written, pageUrl}: PlatformFields): URL => {
  const url = readUrl('server', written ?? server ?? pageUrl, pageUrl);
  if (written !== undefined && (url.search || url.hash))
    throw invalid('server', 'must be the address of the server alone, without a query or fragment');
  return url;
};

const parse = (written: unknown): unknown => {
  if (typeof written !== 'string') return written ?? {};
  try {
    return JSON.parse(written);
  } catch {
    throw invalid('platform-options', 'must be a JSON object, like {"format": "png"}');
  }
};

/** The keys that are allowed, for a message. */
const keysOf = (schema: v.GenericSchema): string => {
  const keys = 'entries' in schema ? Object.keys(Object(schema.entries)) : [];
  return keys.length > 0 ? `Allowed: ${keys.join(', ')}` : 'This platform has no options';
};

const readOptions = ({options: schema}: Platform, written: unknown): unknown => {
  const options = parse(written);
  if (!isRecord(options)) throw invalid('platform-options', 'must be a JSON object');
  if (!schema) return options;
  const result = v.safeParse(schema, options);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map(({key}) => String(key)).join('.');
  const why = issue.expected === 'never' ? `is not known here. ${keysOf(schema)}` : issue.message;
  throw invalid(path ? `platform-options.${path}` : 'platform-options', why);
};

/** Everything that the platform is told, checked. */
const read = (platform: Platform, fields: PlatformFields): PlatformSettings => {
  const name = typeof fields.platform === 'string' ? `"${fields.platform}"` : 'this one';
  const {config, configAdapter, pageUrl} = fields;
  const missing =
    platform.takesConfig && config !== undefined ? undefined : platform.needs?.find((need) => !fields[need]);
  if (missing) {
    const what = missing === 'server' ? 'the address of the map server' : 'the map on it';
    throw invalid(missing, `is required with the platform ${name}: ${what}`);
  }
  const stranger = config === undefined ? (configAdapter ? 'configAdapter' : undefined) : 'config';
  if (stranger && !platform.takesConfig)
    throw invalid(stranger, `means nothing with the platform ${name}: "server" and "map" say which map it is`);
  if (configAdapter && typeof configAdapter !== 'function') throw invalid('configAdapter', 'must be a function');
  if (config !== undefined && typeof config !== 'string')
    throw invalid('config', 'must be a URL where a platform reads it');
  return {
    server: readServer(platform, fields),
    map: fields.map ?? '',
    options: readOptions(platform, fields.platformOptions),
    config: config === undefined ? undefined : readUrl('config', config, pageUrl),
    configAdapter,
  };
};

/** The map that the tag names on its platform. Rejects with what is wrong with the attributes, or with the answer. */
export const loadMap = async (tag: PlatformTag, context: PlatformContext): Promise<PlatformMap> => {
  const fields = fieldsOf(tag);
  const platform = await choose(fields);
  const settings = read(platform, fields);
  const frame = platform.frame?.(settings);
  if (frame) return {frame};
  const document = await platform.layers(settings, context);
  return {document, url: platform.baseUrl?.(settings) ?? settings.server.href};
};
