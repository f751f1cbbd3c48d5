import {renewalTime} from '../../credentials/expiry.js';
import {createExpiring} from '../expiring.js';
import type {SignInSettings} from './options.js';
import type {Provider, Tokens} from './provider.js';
import {forLog, ProviderError, toProviderError} from './provider-error.js';
import {nameOf, type SessionRecord, type Sessions} from './session.js';

/** How long a late request with the cookie from before a renewal is given what came of that. */
const KEPT = 15_000;
/** A token that is younger was not refused for its age; asking on would only ask in circles. */
const YOUNGEST = 5_000;

/** `ended`: the provider does not know the session any more, or another instance has renewed it at the same moment. */
export type Renewed = {readonly session: SessionRecord} | 'ended' | 'unreachable';

export interface Renewal {
  /** Whether the access token ought to be replaced before it is used again. */
  isDue(session: SessionRecord, isRefused: boolean): boolean;
  isUsable(session: SessionRecord): boolean;
  /** One request to the provider for however many that ask at once, and for those that come a little late. */
  renew(session: SessionRecord): Promise<Renewed>;
}

export const createRenewal = (settings: SignInSettings, provider: Provider, sessions: Sessions): Renewal => {
  const {now, report} = settings;
  const running = new Map<string, Promise<Renewed>>();
  const done = createExpiring<Renewed>(now);

  /** Whoever signed out while the provider was being asked stays signed out, and the new tokens go too. */
  const isGone = async (session: SessionRecord, {refreshToken, accessToken}: Tokens): Promise<boolean> => {
    if (!(await sessions.hasEnded(session))) return false;
    await provider.revoke(refreshToken ?? accessToken).catch(() => undefined);
    return true;
  };
  const ask = async (session: SessionRecord): Promise<Renewed> => {
    try {
      const tokens = await provider.renew(session.refreshToken ?? '');
      // A refresh must not turn one visitor into another (OpenID Connect Core §12.2).
      if (tokens.user !== undefined && tokens.user['sub'] !== session.user?.['sub']) {
        report(
          forLog(new ProviderError('invalid-answer', 'The renewed tokens are of somebody else: the session is over.')),
        );
        return 'ended';
      }
      return (await isGone(session, tokens)) ? 'ended' : {session: sessions.renewed(session, tokens)};
    } catch (error) {
      const failure = toProviderError(error);
      if (failure.code === 'ended') return 'ended';
      report(forLog(failure));
      // A page in place of JSON says nothing of the session.
      return 'unreachable';
    }
  };

  return {
    isUsable: ({expiresAt}) => expiresAt === undefined || expiresAt > now(),
    isDue({expiresAt, issuedAt, refreshToken}, isRefused) {
      if (refreshToken === undefined) return false;
      if (isRefused && now() - issuedAt >= YOUNGEST) return true;
      if (expiresAt === undefined) return false;
      // Without the chance that keeps many pages from asking at once: whoever asks has asked.
      return now() >= renewalTime({receivedAt: issuedAt, expiresAt}, {random: () => 0.5});
    },
    async renew(session) {
      const key = await nameOf(session);
      const known = done.get(key) ?? running.get(key);
      if (known) return known;
      const asked = ask(session)
        .then((renewed) => {
          if (renewed !== 'unreachable') done.set(key, renewed, KEPT);
          return renewed;
        })
        .finally(() => running.delete(key));
      running.set(key, asked);
      return asked;
    },
  };
};
