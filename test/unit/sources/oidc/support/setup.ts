import type {AcquireReason, CredentialSource, Grant, Issued} from '../../../../../src/credentials/credential.js';
import {isSecureMapError, type SecureMapError} from '../../../../../src/credentials/errors.js';
import {createOidcSource, type OidcOptions} from '../../../../../src/sources/oidc/oidc-source.js';
import {createClock, type Clock} from './clock.js';
import {FakePage} from './page.js';
import {CLIENT_ID, FakeProvider} from './provider.js';

/** The error that a promise has to end with. */
export const caught = async (promise: Promise<unknown> | undefined): Promise<SecureMapError> => {
  try {
    await promise;
  } catch (error) {
    if (isSecureMapError(error)) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
};

export const param = (url: URL, name: string): string => url.searchParams.get(name) ?? '';

export interface Setup {
  readonly provider: FakeProvider;
  readonly page: FakePage;
  readonly clock: Clock;
  readonly source: CredentialSource;
  readonly options: OidcOptions;
  acquire(reason?: AcquireReason, signal?: AbortSignal): Promise<Issued>;
  signIn(mode?: 'popup' | 'redirect', signal?: AbortSignal): Promise<Issued>;
  end(everywhere?: boolean, mode?: 'popup' | 'redirect', signal?: AbortSignal): Promise<void>;
  /** A sign-in by popup up to the provider's answer, which `change` changes. */
  answerPopup(change?: Record<string, string | undefined>): Promise<void>;
  /** A whole sign-in by popup. */
  popup(change?: Record<string, string | undefined>): Promise<Issued>;
  /** Like a page that is loaded anew: with a source of its own and the storage of before. */
  reload(href: string): Setup;
}

const never = new AbortController().signal;

interface Start {
  readonly options?: Partial<OidcOptions>;
  readonly page?: FakePage;
  readonly provider?: FakeProvider;
  readonly clock?: Clock;
}

export const setUp = (start: Start = {}): Setup => {
  const {page = new FakePage(), provider = new FakeProvider()} = start;
  const clock = start.clock ?? createClock(provider.fetch);
  provider.now = () => clock.now();
  const options = {
    authority: provider.authority,
    clientId: CLIENT_ID,
    redirectUri: 'https://city.test/callback.html',
    ...start.options,
  };
  const source = createOidcSource(options, clock, page);
  /** What the session keeps for the source. */
  let grant: Grant | undefined;
  const keep = async (work: Promise<Issued>): Promise<Issued> => {
    try {
      const issued = await work;
      ({grant} = issued);
      return issued;
    } catch (error) {
      if (isSecureMapError(error) && error.code === 'session-over') grant = undefined;
      throw error;
    }
  };

  const setup: Setup = {
    provider,
    page,
    clock,
    source,
    options,
    acquire: (reason = 'initial', signal = never) => keep(source.acquire({reason, grant, signal})),
    signIn: async (mode = 'popup', signal = never) => {
      if (!source.signIn) throw new Error('The source cannot sign in.');
      return keep(source.signIn({mode, signal}));
    },
    end: async (everywhere = false, mode = 'popup', signal = never) => {
      const kept = grant;
      grant = undefined;
      await source.end?.({everywhere, mode, grant: kept, signal});
    },
    answerPopup: async (change) => {
      const url = await page.popup.sent;
      provider.nonce = param(url, 'nonce');
      page.receive({source: 'secure-map', v: 1, params: provider.answer(param(url, 'state'), change)});
    },
    popup: async (change) => {
      const [credential] = await Promise.all([setup.signIn(), setup.answerPopup(change)]);
      return credential;
    },
    reload: (href) => {
      const next = new FakePage(href);
      next.storage = page.storage;
      return setUp({...start, page: next, provider, clock});
    },
  };
  return setup;
};
