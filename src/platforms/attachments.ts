import {isRecord} from '../credentials/is-record.js';
import type {Attach, Platform} from './platform.js';

type Options = Readonly<Record<string, unknown>>;

/**
 * How the credential travels to the platforms that do not take it as `Authorization: Bearer`. Here and not in their own
 * files, since it has to be known before the first request, and those are loaded.
 */
const attachments: Readonly<Record<string, (options: Options) => Attach>> = {
  // iServer has a header of its own name, without a prefix (iClient, "Access services with token").
  'supermap-iserver': ({transport}) => ({
    ...(transport === 'query' ? {transport, name: 'token'} : {name: 'token', prefix: ''}),
    // A token may be bound to the referrer that it was made for.
    referrerPolicy: 'origin',
  }),
};

const readOptions = (written: unknown): Options => {
  try {
    const options: unknown = typeof written === 'string' ? JSON.parse(written) : written;
    return isRecord(options) ? options : {};
  } catch {
    // Told when the platform is loaded.
    return {};
  }
};

/** What the platform says of how the credential travels; `undefined` leaves it to the tag. */
export const attachOf = (platform: string | Platform | undefined, written: unknown): Attach | undefined => {
  const options = readOptions(written);
  if (typeof platform === 'object') return platform.attach?.(options);
  return platform !== undefined && Object.hasOwn(attachments, platform) ? attachments[platform]?.(options) : undefined;
};
