import {json} from './answers.js';
import {TooLarge} from './cookies.js';
import type {Parts} from './parts.js';
import {mayRead} from './same-origin.js';
import {nameOf, type SessionRecord} from './session.js';

/** The cookies of a session; those of sign-ins under way are not among them. */
const OWN = ['', 'seen', 'doubt'];
/** Seconds until the browser has the cookie that another instance may just have written. */
const SOON = 1;
const DOUBT_SECONDS = 30;
/** Seconds after which a provider that is down is worth another try. */
const LATER = 5;

/**
 * `/session`: who is signed in, for how long. It is a sign of life, and the one place where tokens are renewed: its answer
 * goes to the page alone, so the new cookie reaches the browser whatever happens to tiles, and no cache sees it.
 */
export const createSessionRoute = (
  {settings, jar, sessions, renewal}: Parts,
  isRefused: (session: SessionRecord) => Promise<boolean>,
) => {
  const {idleSeconds, now, report} = settings;
  const signedOut = (request: Request, status = 200): Response =>
    json(status, {authenticated: false}, jar.remove(request, OWN));
  const later = (seconds: number, cookies: readonly string[] = []): Response =>
    json(503, {error: 'temporarily_unavailable'}, cookies, {'retry-after': String(seconds)});

  const signedIn = (session: SessionRecord, cookies: readonly string[]): Response => {
    const {user, expiresAt, refreshToken} = session;
    const rest = sessions.rest(session);
    // What cannot be renewed ends with its token.
    const isFixed = refreshToken === undefined && expiresAt !== undefined;
    const expiresIn = isFixed ? Math.min(rest, Math.max(0, Math.floor((expiresAt - now()) / 1000))) : rest;
    return json(200, {authenticated: true, ...(user ? {user} : {}), expiresIn, idleSeconds}, cookies);
  };

  /** The provider does not take the refresh token any more. */
  const unknown = async (request: Request, session: SessionRecord): Promise<Response> => {
    const name = await nameOf(session);
    if (jar.read(request, 'doubt') === name) return signedOut(request);
    // Another instance may have renewed the session at this very moment: then the browser has its cookie by now, and comes
    // back with it. Who comes back with the same one has none.
    return later(SOON, jar.write(name, 'doubt', DOUBT_SECONDS));
  };

  const renewed = async (request: Request, session: SessionRecord, mustRenew: boolean): Promise<Response> => {
    const outcome = await renewal.renew(session);
    if (typeof outcome === 'object') {
      const written = await sessions.write(outcome.session);
      return signedIn(outcome.session, [
        ...written,
        ...(await sessions.touch(session, 0)),
        ...jar.remove(request, ['doubt']),
      ]);
    }
    // The token of now still serves for a while.
    if (!mustRenew) return signedIn(session, []);
    return outcome === 'ended' ? unknown(request, session) : later(LATER);
  };

  return async (request: Request): Promise<Response> => {
    if (!mayRead(request)) return json(403, {error: 'cross_site'});
    const found = await sessions.find(request);
    if (found.state === 'none') return json(200, {authenticated: false});
    if (found.state !== 'signed-in') return signedOut(request, found.state === 'invalid' ? 401 : 200);
    const {session, seenAt} = found;
    const wasRefused = new URL(request.url).searchParams.get('reason') === 'unauthorized' || (await isRefused(session));
    try {
      if (renewal.isDue(session, wasRefused))
        return await renewed(request, session, wasRefused || !renewal.isUsable(session));
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      report(error);
      return signedOut(request);
    }
    if (!renewal.isUsable(session)) return signedOut(request);
    return signedIn(session, await sessions.touch(session, seenAt));
  };
};
