import * as v from 'valibot';
import {page, redirect} from './answers.js';
import {TooLarge} from './cookies.js';
import {LOGIN} from './login.js';
import type {Parts} from './parts.js';
import {forLog, toProviderError, type ProviderFailure} from './provider-error.js';

const transaction = v.object({state: v.string(), nonce: v.string(), verifier: v.string(), returnTo: v.string()});

const NOT_BEGUN = 'This sign-in was not begun in this browser, or too long ago.';
const TEXTS: Readonly<Record<Exclude<ProviderFailure, 'refused'>, readonly [number, string]>> = {
  ended: [400, 'This sign-in has been used already, or took too long.'],
  unreachable: [503, 'The sign-in is not available at the moment.'],
  'invalid-answer': [502, 'The sign-in failed, because the answer of the sign-in service could not be trusted.'],
  misconfigured: [502, 'The sign-in failed, because it is not set up correctly.'],
};

/** `/callback`: where the provider sends the visitor back to. */
export const createCallback = ({settings, seal, jar, provider, sessions, address}: Parts) => {
  const {path, report} = settings;

  /** Only the browser that began has the cookie: an answer that somebody else was given is not taken (login CSRF). */
  const begun = async (request: Request, state: string) => {
    const text = /^[\w-]{20,100}$/u.test(state) ? jar.read(request, LOGIN + state) : undefined;
    const opened = text === undefined ? undefined : await seal.open('login', text);
    const parsed = opened?.state === 'open' ? v.safeParse(transaction, opened.claims) : undefined;
    return parsed?.success && parsed.output.state === state ? parsed.output : undefined;
  };

  return async (request: Request): Promise<Response> => {
    const {search, searchParams} = new URL(request.url);
    const state = searchParams.get('state') ?? '';
    const mine = await begun(request, state);
    const again = address(`${path}/login`);
    if (!mine) {
      // Somebody has opened the address of a former sign-in.
      const isSignedIn = (await sessions.find(request)).state === 'signed-in';
      return isSignedIn ? redirect(address(settings.returnTo)) : page(400, NOT_BEGUN, again);
    }
    const done = jar.remove(request, [LOGIN + state]);
    try {
      const tokens = await provider.finish(search, mine);
      return redirect(address(mine.returnTo), [...done, ...(await sessions.begin(tokens))]);
    } catch (error) {
      if (error instanceof TooLarge) {
        report(error);
        return page(502, 'The sign-in failed, because the session is too large for a cookie.', again, done);
      }
      const failure = toProviderError(error);
      const {code} = failure;
      // The page asks who is signed in, and finds nobody.
      if (code === 'refused') return redirect(address(mine.returnTo), done);
      if (code !== 'ended') report(forLog(failure));
      const [status, text] = TEXTS[code];
      return page(
        status,
        text,
        address(`${path}/login?${new URLSearchParams({returnTo: mine.returnTo}).toString()}`),
        done,
      );
    }
  };
};
