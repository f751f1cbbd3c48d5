import * as v from 'valibot';
import {below, invalidOption} from '../check-options.js';
import {readRecord, readToken, refusedByPlatform} from '../read-answer.js';
import {attachDefault} from '../proxy-headers.js';
import {basic, nameAndPassword, type NameAndPassword} from './name-and-password.js';
import {definePlatform, type BrokerPlatform} from './platform.js';

export interface SpectrumOptions {
  readonly secret: NameAndPassword;
  /**
   * `open` is handed out. `session` is for a map proxy only: Spectrum takes such a token from the computer that asked for it
   * and no other, with the session's cookie. Default: `open`.
   */
  readonly kind?: 'open' | 'session' | undefined;
  /** Minutes that a token lasts. 0, which is for ever, only with `allowNeverExpiring`. Default: 10. */
  readonly ttlMinutes?: number | undefined;
  /** Default: false. "An open token could be used indefinitely, and from any computer" (Spectrum, Getting a Token). */
  readonly allowNeverExpiring?: boolean | undefined;
}

const wholeMinutes = 'must be a whole number of minutes, 1 or more';

const schema = v.strictObject({
  secret: nameAndPassword,
  kind: v.optional(v.picklist(['open', 'session'], 'must be "open" or "session"'), 'open'),
  ttlMinutes: v.optional(v.pipe(v.number(wholeMinutes), v.integer(wholeMinutes), v.minValue(0, wholeMinutes)), 10),
  allowNeverExpiring: v.optional(v.boolean('must be true or false'), false),
});

/** "The token will become invalid if the session is inactive for 30 minutes", whatever its time to live. */
const IDLE = 30 * 60 * 1000;

/** Spectrum: Basic for a token, whose lifetime is known from nothing but what was asked for. */
export const spectrum: BrokerPlatform<SpectrumOptions> = definePlatform({
  schema,
  closed: /^\/(.*\/)?security\/rest(\/|$)/,
  create({secret, kind, ttlMinutes, allowNeverExpiring}, {server, ask, now}) {
    if (ttlMinutes === 0 && !allowNeverExpiring) {
      throw invalidOption('ttlMinutes', 'is 0, a token that never expires; that takes "allowNeverExpiring": true');
    }
    const isSession = kind === 'session';
    const path = `/security/rest/token/access${isSession ? '/session' : ''}/${ttlMinutes}`;
    const authorization = `Basic ${basic(secret.username, secret.password)}`;
    return {
      isForProxyOnly: isSession,
      async obtain({signal}) {
        const asked = now();
        const response = await ask(below(server, path), {
          headers: {authorization, accept: 'application/json'},
          signal,
        });
        const answer = await readRecord(response);
        const token = readToken(answer, 'access_token');
        const expiresAt = ttlMinutes === 0 ? undefined : asked + ttlMinutes * 60_000;
        if (!isSession) return {credential: {token, expiresAt}};
        return {credential: {token, expiresAt, cookies: {SESSION: readToken(answer, 'session')}}, idleFor: IDLE};
      },
      async end({credential}, signal) {
        const headers = new Headers();
        attachDefault(headers, credential);
        const response = await ask(below(server, '/security/rest/token/logout'), {headers, signal});
        if (!response.ok) throw refusedByPlatform(response.status);
      },
    };
  },
});
