import * as v from 'valibot';
import {digest} from '../digest.js';
import type {Seal} from '../seal.js';
import type {CookieJar} from './cookies.js';
import type {EndedSessions} from './ended-sessions.js';
import type {SignInSettings} from './options.js';
import type {Tokens} from './provider.js';

const record = v.object({
  /** The same for the whole session, through every renewal. */
  id: v.string(),
  accessToken: v.string(),
  refreshToken: v.optional(v.string()),
  /** All times are milliseconds since 1970. Of the access token. */
  expiresAt: v.optional(v.number()),
  startedAt: v.number(),
  /** When the tokens were issued. */
  issuedAt: v.number(),
  user: v.optional(v.record(v.string(), v.string())),
});
const sign = v.object({id: v.string(), at: v.number()});
/** The visitor's last sign of life, in a cookie of its own. */
const SEEN = 'seen';

export type SessionRecord = v.InferOutput<typeof record>;

/** `invalid`: a cookie that is not ours, was changed, or belongs to a session that was signed out. */
export type FoundSession =
  | {readonly state: 'signed-in'; readonly session: SessionRecord; readonly seenAt: number}
  | {readonly state: 'none' | 'expired' | 'invalid'};

/** The session in the visitor's cookies: no instance keeps one, so every instance can answer. */
export interface Sessions {
  find(request: Request): Promise<FoundSession>;
  /** The cookies of a session that begins. @throws TooLarge */
  begin(tokens: Tokens): Promise<readonly string[]>;
  /** What a session is after new tokens. */
  renewed(session: SessionRecord, tokens: Tokens): SessionRecord;
  /** @throws TooLarge */
  write(session: SessionRecord): Promise<readonly string[]>;
  /** The cookie that says when the visitor was last here; none when it has just been written. */
  touch(session: SessionRecord, seenAt: number): Promise<readonly string[]>;
  end(session: SessionRecord): Promise<void>;
  hasEnded(session: SessionRecord): Promise<boolean>;
  /** Seconds until its last moment. */
  rest(session: SessionRecord): number;
}

export const createSessions = (
  {sessionSeconds, idleSeconds, now}: SignInSettings,
  seal: Seal,
  jar: CookieJar,
  ended: EndedSessions,
): Sessions => {
  const idleMs = idleSeconds * 1000;
  const rest = ({startedAt}: SessionRecord): number =>
    Math.max(0, Math.ceil((startedAt + sessionSeconds * 1000 - now()) / 1000));

  const seenAt = async (request: Request, {id, issuedAt}: SessionRecord): Promise<number> => {
    const opened = await seal.open(SEEN, jar.read(request, SEEN) ?? '');
    const seen = opened.state === 'open' ? v.safeParse(sign, opened.claims) : undefined;
    return seen?.success && seen.output.id === id ? Math.max(seen.output.at, issuedAt) : issuedAt;
  };
  const sealSeen = async ({id}: SessionRecord): Promise<readonly string[]> =>
    jar.write(await seal.seal(SEEN, {id, at: now()}, idleSeconds), SEEN);
  const write = async (session: SessionRecord): Promise<readonly string[]> =>
    jar.write(await seal.seal('session', {...session}, rest(session)));

  return {
    rest,
    write,
    async find(request) {
      const text = jar.read(request);
      if (text === undefined) return {state: 'none'};
      const opened = await seal.open('session', text);
      if (opened.state !== 'open') return opened;
      const parsed = v.safeParse(record, opened.claims);
      if (!parsed.success) return {state: 'invalid'};
      const session = parsed.output;
      if (await ended.has(session.id)) return {state: 'invalid'};
      const seen = await seenAt(request, session);
      if (now() - seen > idleMs) return {state: 'expired'};
      return {state: 'signed-in', session, seenAt: seen};
    },
    async begin({accessToken, refreshToken, expiresAt, user}) {
      const at = now();
      // A new name for a new session: nobody can have planted it (session fixation).
      const id = crypto.randomUUID();
      const session = {id, accessToken, refreshToken, expiresAt, startedAt: at, issuedAt: at, user: user && {...user}};
      return [...(await write(session)), ...(await sealSeen(session))];
    },
    renewed: (session, {accessToken, refreshToken, expiresAt}) => ({
      ...session,
      accessToken,
      refreshToken: refreshToken ?? session.refreshToken,
      expiresAt,
      issuedAt: now(),
    }),
    // The session's own cookie is written by whoever has new tokens and by nobody else: a late answer cannot put old ones back.
    touch: async (session, seen) => (now() - seen < Math.min(60_000, idleMs / 10) ? [] : sealSeen(session)),
    end: (session) => ended.add(session.id, rest(session)),
    hasEnded: (session) => ended.has(session.id),
  };
};

/** What names a session's tokens where they must not be told. */
export const nameOf = (session: SessionRecord): Promise<string> => digest(session.refreshToken ?? session.accessToken);
