import {createSignIn, type SignIn, type SignInOptions} from '../../../src/broker/index.js';
import {Browser} from './browser.js';
import {startProvider} from './oidc-provider.js';

// A site with a sign-in, and oidc-provider behind it: the strictest there is. A refresh token that is used twice ends
// everything that came of its grant.

export const site = 'https://maps.example';
export const base = `${site}/bff`;
export const otherSite = 'https://other.example';
export const cookieSecret = 'a-random-string-of-the-site-of-at-least-32-characters';
export const SESSION = '__Host-secure-map.bff';
export const SAME_ORIGIN = {'sec-fetch-site': 'same-origin'};
export const VISIT = {...SAME_ORIGIN, 'sec-fetch-mode': 'navigate'};

/** Back from the provider, at a page. */
export const isBack = ({origin, pathname}: URL): boolean => origin === site && pathname !== '/bff/callback';

export const session = async (browser: Browser, query = '') => {
  const {response, body} = await browser.send(`${base}/session${query}`, {headers: SAME_ORIGIN});
  return {status: response.status, body: JSON.parse(body) as Record<string, unknown>, response};
};

export const tokenOf = async (signIn: SignIn, browser: Browser): Promise<string | undefined> =>
  (await signIn.credential(browser.request(`${site}/tiles/1`)))?.token;

export const openSite = async () => {
  const provider = await startProvider({bases: [base, `${otherSite}/bff`]});
  const {issuer, clientId, clientSecret} = provider;
  return {
    provider,
    create: (more: Partial<SignInOptions> = {}): SignIn =>
      createSignIn({issuer, clientId, clientSecret, cookieSecret, baseUrl: base, ...more}),
    async signedIn(signIn: SignIn, account = 'anna') {
      provider.account = account;
      const browser = new Browser({[site]: signIn});
      const landed = await browser.follow(`${base}/login?returnTo=/map`, isBack);
      return {browser, landed};
    },
    /** Whether the provider takes a token. */
    isGood: async (token: string | undefined): Promise<boolean> =>
      (await fetch(`${issuer}/me`, {headers: {authorization: `Bearer ${token}`}})).ok,
  };
};
