import type {BrowserContext} from '@playwright/test';
import type {Demo} from '../../../demo/servers/demo.js';

/** What must not be found anywhere, as it comes by on its way to and from the provider. */
export interface Secrets {
  readonly found: Readonly<Record<string, readonly string[]>>;
  /** Every address that any window of the browser asked for. */
  readonly addresses: readonly string[];
  /** Every line of every console, with what was logged as objects. */
  readonly console: readonly string[];
  /** Resolves when everything that came by has been read. */
  settled(): Promise<void>;
}

const text = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);

/** Listens to all windows of a browser. Begin before the first page. */
export const listenForSecrets = (context: BrowserContext, {issuer, pageUrl}: Demo): Secrets => {
  const found = {
    'access token': [] as string[],
    'refresh token': [] as string[],
    'id token': [] as string[],
    code: [] as string[],
    verifier: [] as string[],
    state: [] as string[],
    nonce: [] as string[],
  };
  const addresses: string[] = [];
  const lines: string[] = [];
  const work: Promise<unknown>[] = [];

  context.on('request', (request) => {
    const url = new URL(request.url());
    addresses.push(url.href);
    if (url.origin === issuer && url.pathname === '/auth') {
      found.state.push(...text(url.searchParams.get('state')));
      found.nonce.push(...text(url.searchParams.get('nonce')));
    }
    if (url.origin === new URL(pageUrl).origin) found.code.push(...text(url.searchParams.get('code')));
    if (url.href === `${issuer}/token`) {
      const form = new URLSearchParams(request.postData() ?? '');
      found.verifier.push(...text(form.get('code_verifier')));
    }
  });
  const read = async (body: Promise<unknown>): Promise<void> => {
    const answer = Object(await body.catch(() => ({})));
    found['access token'].push(...text(Reflect.get(answer, 'access_token')));
    found['refresh token'].push(...text(Reflect.get(answer, 'refresh_token')));
    found['id token'].push(...text(Reflect.get(answer, 'id_token')));
  };
  context.on('response', (response) => {
    const {origin, pathname} = new URL(response.url());
    const hasToken = (origin === issuer && pathname === '/token') || pathname === '/site/token';
    if (hasToken && response.request().method() !== 'OPTIONS') work.push(read(response.json()));
  });
  context.on('console', (message) => {
    lines.push(`${message.type()}: ${message.text()} ${JSON.stringify(message.location())}`);
    for (const part of message.args()) work.push(part.jsonValue().then((value) => lines.push(JSON.stringify(value))));
  });
  context.on('weberror', (error) => lines.push(String(error.error().stack)));

  return {
    found,
    addresses,
    console: lines,
    settled: async () => void (await Promise.allSettled(work)),
  };
};
