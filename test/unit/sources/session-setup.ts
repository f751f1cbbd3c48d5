import type {SessionEvent} from '../../../src/credentials/session-event.js';
import {CredentialSession} from '../../../src/credentials/session.js';
import type {CookieSessionOptions} from '../../../src/sources/session/options.js';
import {createSessionSource} from '../../../src/sources/session/session-source.js';
import {ScriptedFetch} from '../../doubles/scripted-fetch.js';
import {TestEnvironment} from '../../doubles/test-environment.js';
import {FakePage} from './oidc/support/page.js';

export const PAGE = 'https://city.test/map?layers=a,b#here';
export const SESSION = 'https://city.test/session';
export const LOGIN = 'https://city.test/login';
export const LOGOUT = 'https://city.test/logout';

type Answer = Readonly<Record<string, unknown>>;

/** A back end that knows its visitor, or does not. */
export const setUp = (change: Partial<CookieSessionOptions> = {}, page = new FakePage(PAGE)) => {
  let answer: Answer | undefined = {authenticated: true};
  const network = new ScriptedFetch(() => (answer ? Response.json(answer) : new Response('', {status: 401})));
  const environment = new TestEnvironment(network.fetch);
  const options: CookieSessionOptions = {
    sessionUrl: new URL(SESSION),
    loginUrl: new URL(LOGIN),
    logoutUrl: new URL(LOGOUT),
    returnUrl: 'https://city.test/callback.html',
    origin: 'https://city.test',
    environment,
    canPostLogout: true,
    ...change,
  };
  const source = createSessionSource(options, page);
  const session = new CredentialSession({source, environment});
  const events: SessionEvent[] = [];
  const leave = session.subscribe((event) => events.push(event));
  return {
    ...{page, network, environment, source, session, events, leave},
    options,
    /** What the back end says from now on; `undefined`: signed out. */
    says: (next: Answer | undefined) => void (answer = next),
    asked: (url = SESSION) => network.requests.filter((request) => request.url.split('?')[0] === url),
    told: (type: SessionEvent['type']) => events.filter((event) => event.type === type),
  };
};

export type Setup = ReturnType<typeof setUp>;

/** Minutes as the session has them, in milliseconds. */
export const minutes = (count: number): number => count * 60_000;
