import type {CredentialSource, Issued} from '../../src/credentials/credential.js';
import type {sources} from '../../src/sources/registry.js';
import type {SourceFields} from '../../src/sources/source-kind.js';
import {hanging, offline, ScriptedFetch} from '../doubles/scripted-fetch.js';
import {FakePopup} from '../unit/sources/oidc/support/page.js';
import {FakeProvider} from '../unit/sources/oidc/support/provider.js';

type SourceName = keyof typeof sources;

/** One outside world for a source, made anew for each test. */
export interface SourceWorld {
  readonly fields: SourceFields;
  readonly fetch: typeof fetch;
  /** From now on the outside world refuses what it gave; absent where it gives the same again. */
  readonly refuse?: () => void;
  /** The sign-in that has to come before the source gives a credential without the visitor. */
  readonly signIn?: (source: CredentialSource) => Promise<Issued>;
  /** From now on the outside world never answers; absent where there is none to ask. */
  readonly hang?: () => void;
  /** From now on each of these goes wrong in its way. The token is in all of them. */
  readonly troubles: Readonly<Record<string, () => void>>;
}

export interface SourceFixture {
  /** A world whose tokens contain the given text. */
  readonly world: (token: string) => SourceWorld;
  /** The name of the attribute, and fields of which that one is wrong. */
  readonly wrong: readonly (readonly [attribute: string, fields: SourceFields])[];
  /** Fields that mean somebody else. */
  readonly other: SourceFields;
}

const noNetwork = new ScriptedFetch(offline).fetch;
const secret = 'hunter2';

const here = (path: string): string => `${location.origin}/${path}`;

/** Signs in by a popup whose return page hands the provider's answer over. */
const signInByPopup = async (source: CredentialSource, provider: FakeProvider): Promise<Issued> => {
  const popup = new FakePopup();
  const {open} = window;
  Object.assign(window, {open: () => popup});
  try {
    if (!source.signIn) throw new Error('The source cannot sign in.');
    const done = source.signIn({mode: 'popup', signal: new AbortController().signal});
    const url = await popup.sent;
    provider.nonce = url.searchParams.get('nonce') ?? undefined;
    const params = provider.answer(url.searchParams.get('state') ?? '');
    const event = new MessageEvent('message', {data: {source: 'secure-map', v: 1, params}, origin: location.origin});
    Object.defineProperty(event, 'source', {value: popup});
    dispatchEvent(event);
    return await done;
  } finally {
    Object.assign(window, {open});
  }
};

const oidcFields = (provider: FakeProvider): SourceFields => ({
  authority: provider.authority,
  clientId: 'map-viewer',
  redirectUri: `${location.origin}/callback.html`,
});

const oauth2Fields = (provider: FakeProvider): SourceFields => ({
  authorizationEndpoint: `${provider.authority}/auth`,
  tokenEndpoint: `${provider.authority}/token`,
  clientId: 'map-viewer',
  redirectUri: `${location.origin}/callback.html`,
});

/** One for each registered source; the type of this object sees to it that none is missing. */
export const sourceFixtures: Readonly<Record<SourceName, SourceFixture>> = {
  token: {
    world: (token) => ({fields: {token}, fetch: noNetwork, troubles: {}}),
    wrong: [
      ['token', {token: ''}],
      ['token', {token: `${secret} ${secret}`}],
      ['token', {token: `${secret}\n`}],
    ],
    other: {token: 'other'},
  },

  getToken: {
    world: (token) => {
      let give: () => unknown = () => token;
      return {
        fields: {getToken: () => give() as string},
        fetch: noNetwork,
        hang: () => (give = () => new Promise(() => undefined)),
        troubles: {
          'a number': () => (give = () => 7),
          nothing: () => (give = () => undefined),
          'a token with a line break': () => (give = () => `${token}\n`),
          'an object without token': () => (give = () => ({access_token: token})),
          'a rejection': () => (give = () => Promise.reject(new Error('oops'))),
        },
      };
    },
    wrong: [['getToken', JSON.parse(`{"getToken": "${secret}"}`)]],
    other: {getToken: () => 'other'},
  },

  tokenUrl: {
    world: (token) => {
      const network = new ScriptedFetch(() => Response.json({access_token: token, expires_in: 300}));
      const answer =
        (body: string, status = 200) =>
        (): void => {
          network.step = () => new Response(body, {status});
        };
      return {
        fields: {tokenUrl: 'https://site.example/token'},
        fetch: network.fetch,
        hang: () => (network.step = hanging),
        troubles: {
          '500': answer(token, 500),
          '401': answer(token, 401),
          HTML: answer(`<p>${token}`),
          nothing: answer(''),
          'an array': answer(`["${token}"]`),
          'no network': () => (network.step = offline),
        },
      };
    },
    wrong: [
      ['token-url', {tokenUrl: `http://site.example/token?${secret}`}],
      ['token-url', {tokenUrl: `https://ann:${secret}@site.example/token`}],
      ['token-url', {tokenUrl: `https://?${secret}`}],
    ],
    other: {tokenUrl: 'https://site.example/other'},
  },

  session: {
    world: (token) => {
      const signedIn = (): Response => Response.json({authenticated: true, user: {name: 'Anna'}, expiresIn: 300});
      const network = new ScriptedFetch(signedIn);
      const answer =
        (body: string, status = 200) =>
        (): void => {
          network.step = () => new Response(body, {status});
        };
      return {
        fields: {
          ...{sessionUrl: here('session'), loginUrl: here('login'), logoutUrl: here('logout')},
          redirectUri: here('callback.html'),
        },
        fetch: network.fetch,
        refuse: answer('', 401),
        hang: () => (network.step = hanging),
        troubles: {
          '500': answer(token, 500),
          '401': answer(token, 401),
          '403': answer(token, 403),
          '404': answer(token, 404),
          HTML: answer(`<p>${token}`),
          nothing: answer(''),
          'half an answer': answer(`{"authenticated": true, "user": {"name": "${token}`),
          'no answer to the question': answer(`{"user": {"name": "${token}"}}`),
          'no network': () => (network.step = offline),
        },
      };
    },
    wrong: [
      ['session-url', {sessionUrl: `http://site.example/session?${secret}`}],
      ['session-url', {sessionUrl: `https://ann:${secret}@site.example/session`}],
      ['session-url', {sessionUrl: `https://elsewhere.example/session?${secret}`}],
      ['login-url', {sessionUrl: here('session'), loginUrl: `javascript:${secret}`}],
      ['logout-url', {sessionUrl: here('session'), logoutUrl: `https://?${secret}`}],
      ['redirect-uri', {sessionUrl: here('session'), redirectUri: `https://evil.example/?${secret}`}],
    ],
    other: {sessionUrl: here('other')},
  },

  oidc: {
    world: (token) => {
      const provider = new FakeProvider();
      provider.tokens = {access_token: token};
      const answer = (body: string, status: number) => (): void => {
        provider.replies['token'] = () => new Response(body, {status});
      };
      return {
        fields: oidcFields(provider),
        fetch: provider.fetch,
        signIn: (source) => signInByPopup(source, provider),
        hang: () => (provider.replies['token'] = () => new Promise(() => undefined)),
        troubles: {
          '500': answer(token, 500),
          HTML: answer(`<p>${token}`, 200),
          'a grant that is gone': answer(JSON.stringify({error: 'invalid_grant', error_description: token}), 400),
        },
      };
    },
    wrong: [
      ['authority', {authority: `http://login.example/?${secret}`, clientId: 'c', redirectUri: `${location.origin}/c`}],
      ['client-id', {authority: 'https://login.example', redirectUri: `${location.origin}/c`}],
      ['redirect-uri', {authority: 'https://login.example', clientId: 'c', redirectUri: 'https://evil.example/c'}],
      ['redirect-uri', {authority: 'https://login.example', clientId: 'c'}],
      [
        'post-logout-redirect-uri',
        {
          authority: 'https://login.example',
          clientId: 'c',
          redirectUri: `${location.origin}/c`,
          postLogoutRedirectUri: `https://?${secret}`,
        },
      ],
    ],
    other: {...oidcFields(new FakeProvider()), clientId: 'other'},
  },

  oauth2: {
    world: (token) => {
      const provider = new FakeProvider();
      provider.tokens = {access_token: token, id_token: undefined};
      const answer = (body: string, status: number, type?: string) => (): void => {
        provider.replies['token'] = () => new Response(body, {status, headers: type ? {'content-type': type} : {}});
      };
      return {
        fields: oauth2Fields(provider),
        fetch: provider.fetch,
        signIn: (source) => signInByPopup(source, provider),
        hang: () => (provider.replies['token'] = () => new Promise(() => undefined)),
        troubles: {
          '500': answer(token, 500),
          '429': answer(token, 429),
          HTML: answer(`<p>${token}`, 200, 'text/html'),
          'a text': answer(`Sorry: ${token}`, 200, 'text/plain'),
          'an error with status 200': answer(JSON.stringify({error: 'server_error', error_description: token}), 200),
          'half an answer': answer(`{"access_token":"${token}","tok`, 200),
          'a token of an unknown type': answer(JSON.stringify({access_token: token, token_type: 'mac'}), 200),
          'a grant that is gone': answer(`error=invalid_grant&error_description=${token}`, 400, 'text/plain'),
        },
      };
    },
    wrong: [
      [
        'authorization-endpoint',
        {...oauth2Fields(new FakeProvider()), authorizationEndpoint: `http://l.example/${secret}`},
      ],
      ['authorization-endpoint', {...oauth2Fields(new FakeProvider()), authorizationEndpoint: `javascript:${secret}`}],
      ['authorization-endpoint', {tokenEndpoint: 'https://login.example/token', clientId: 'c'}],
      ['token-endpoint', {...oauth2Fields(new FakeProvider()), tokenEndpoint: `https://ann:${secret}@login.example/`}],
      ['token-endpoint', {...oauth2Fields(new FakeProvider()), tokenEndpoint: `https://login.example/#${secret}`}],
      ['token-endpoint', {authorizationEndpoint: 'https://login.example/auth', clientId: 'c'}],
      ['revocation-endpoint', {...oauth2Fields(new FakeProvider()), revocationEndpoint: `https://?${secret}`}],
      ['client-id', {...oauth2Fields(new FakeProvider()), clientId: undefined}],
      ['issuer', {...oauth2Fields(new FakeProvider()), issuer: secret}],
      ['redirect-uri', {...oauth2Fields(new FakeProvider()), redirectUri: 'https://evil.example/c'}],
      ['redirect-uri', {...oauth2Fields(new FakeProvider()), redirectUri: undefined}],
      ['post-logout-redirect-uri', {...oauth2Fields(new FakeProvider()), postLogoutRedirectUri: '/'}],
    ],
    other: {...oauth2Fields(new FakeProvider()), tokenEndpoint: 'https://other.example/token'},
  },
};
