import * as v from 'valibot';
import {isRecord} from '../../credentials/is-record.js';
import {BrokerError} from '../broker-error.js';
import {below, invalidOption, text} from '../check-options.js';
import {attachOthers} from '../proxy-headers.js';
import {readText, readToken, refusedByPlatform} from '../read-answer.js';
import {nameAndPassword, type NameAndPassword} from './name-and-password.js';
import {definePlatform, type BrokerPlatform} from './platform.js';

export interface SupermapIserverOptions {
  readonly secret: NameAndPassword;
  /**
   * What a token is bound to: the page it is sent from, a computer, or nothing. iServer's `RequestIP` would be the computer
   * of the broker, and is not taken. Default: `referer`.
   */
  readonly clientType?: 'referer' | 'ip' | 'none' | undefined;
  /** The origin of the page, for `referer`. Default: that of the page that asks. */
  readonly referer?: string | undefined;
  /** The address of the computer, for `ip`. */
  readonly ip?: string | undefined;
  /** Minutes that a token lasts. Default: 60. */
  readonly expirationMinutes?: number | undefined;
}

const wholeMinutes = 'must be a whole number of minutes, 1 or more';

const schema = v.strictObject({
  secret: nameAndPassword,
  clientType: v.optional(
    v.picklist(['referer', 'ip', 'none'], 'must be "referer", "ip" or "none" (RequestIP would bind it to the broker)'),
    'referer',
  ),
  referer: v.optional(text),
  ip: v.optional(text),
  expirationMinutes: v.optional(
    v.pipe(v.number(wholeMinutes), v.integer(wholeMinutes), v.minValue(1, wholeMinutes)),
    60,
  ),
});

/** As iServer spells them. */
const CLIENT_TYPES = {referer: 'Referer', ip: 'IP', none: 'NONE'};

/** Which page asks, as far as a request tells: browsers leave `Origin` out where it is the request's own. */
const pageOrigin = ({url, headers}: Request): string => {
  const origin = headers.get('origin');
  return origin !== null && origin !== 'null' ? origin : new URL(url).origin;
};

/** "A plain string": JSON text in some versions, and a failure is JSON with `succeed: false`, whatever the status. */
const tokenIn = (answer: string): string => {
  if (!/^["{]/.test(answer)) return readToken({token: answer}, 'token');
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch {
    throw new BrokerError('platform-invalid', 'The answer of the platform is neither text nor JSON.');
  }
  if (isRecord(value) && value['succeed'] === false) throw refusedByPlatform(200);
  return readToken({token: value}, 'token');
};

/** SuperMap iServer: a token of its own security service. It has no way to end one. */
export const supermapIserver: BrokerPlatform<SupermapIserverOptions> = definePlatform({
  schema,
  closed: /^\/(.*\/)?(services\/(security|login)|iserver\/(manager|admin|_setup|login))(\/|[.]|$)/,
  attach(headers, {token, cookies, headers: others}) {
    headers.set('token', token);
    attachOthers(headers, {cookies, headers: others});
  },
  create({secret, clientType, referer, ip, expirationMinutes}, {server, ask, now}) {
    if (clientType === 'ip' && ip === undefined)
      throw invalidOption('ip', 'is missing: what "clientType": "ip" binds to');
    if (clientType !== 'ip' && ip !== undefined) throw invalidOption('ip', 'is for "clientType": "ip" only');
    if (clientType !== 'referer' && referer !== undefined) {
      throw invalidOption('referer', 'is for "clientType": "referer" only');
    }
    // The address of a machine alone stands for the iServer at its usual place.
    const services = below(server, server.pathname === '/' ? '/iserver/services' : '/services');
    return {
      variant: (request) => (clientType === 'referer' ? (referer ?? pageOrigin(request)) : ''),
      async obtain({variant, signal}) {
        const asked = now();
        const {username: userName, password} = secret;
        const bound = clientType === 'referer' ? {referer: variant} : clientType === 'ip' ? {ip} : {};
        const response = await ask(below(services, '/security/tokens.json'), {
          method: 'POST',
          headers: {'content-type': 'application/json', accept: 'application/json, text/plain'},
          body: JSON.stringify({
            ...{userName, password, clientType: CLIENT_TYPES[clientType]},
            ...bound,
            expiration: expirationMinutes,
          }),
          signal,
        });
        const token = tokenIn(await readText(response));
        const headers = clientType === 'referer' ? {referer: variant} : undefined;
        return {credential: {token, expiresAt: asked + expirationMinutes * 60_000, headers}};
      },
    };
  },
});
