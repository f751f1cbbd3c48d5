import {createHash, randomBytes} from 'node:crypto';
import type {Demo} from '../../demo/servers/demo.js';

/** A browser without a screen: keeps cookies, follows redirects one at a time and fills in the login page. */
export class Visitor {
  readonly #demo: Demo;
  readonly #cookies = new Map<string, string>();

  constructor(demo: Demo) {
    this.#demo = demo;
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookie !== '') headers.set('cookie', cookie);
    const response = await fetch(url, {...init, headers, redirect: 'manual'});
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  /** Follows redirects until a page, or the first address outside the sign-in server. */
  async follow(url: string): Promise<{url: URL; response?: Response}> {
    const response = await this.fetch(url);
    const location = response.headers.get('location');
    if (location === null) return {url: new URL(url), response};
    const next = new URL(location, url);
    return next.origin === this.#demo.issuer ? this.follow(next.href) : {url: next};
  }

  async submit(action: URL, fields: Record<string, string>): Promise<{url: URL; response?: Response}> {
    const response = await this.fetch(action.href, {method: 'POST', body: new URLSearchParams(fields)});
    const location = response.headers.get('location');
    if (location === null) return {url: action, response};
    const next = new URL(location, action);
    return next.origin === this.#demo.issuer ? this.follow(next.href) : {url: next};
  }
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly token_type: string;
  readonly expires_in: number;
}

export interface AuthorizationRequest {
  readonly url: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

export function authorizationRequest(demo: Demo, overrides: Record<string, string> = {}): AuthorizationRequest {
  const verifier = randomBytes(32).toString('base64url');
  const redirectUri = `${demo.pageUrl}callback.html`;
  const query = new URLSearchParams({
    client_id: 'map-viewer',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile',
    state: 'a-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...overrides,
  });
  return {url: `${demo.issuer}/auth?${query}`, verifier, redirectUri};
}

export function requestTokens(demo: Demo, fields: Record<string, string>): Promise<Response> {
  return fetch(`${demo.issuer}/token`, {
    method: 'POST',
    headers: {origin: new URL(demo.pageUrl).origin},
    body: new URLSearchParams({client_id: 'map-viewer', ...fields}),
  });
}

/** The whole code flow, by hand. */
export async function signIn(demo: Demo, account = 'anna'): Promise<{tokens: Tokens; answer: URL}> {
  const visitor = new Visitor(demo);
  const {url, verifier, redirectUri} = authorizationRequest(demo);
  const login = await visitor.follow(url);
  const {url: answer} = await visitor.submit(login.url, {name: account, password: account, answer: 'sign-in'});
  const response = await requestTokens(demo, {
    grant_type: 'authorization_code',
    code: answer.searchParams.get('code') ?? '',
    code_verifier: verifier,
    redirect_uri: redirectUri,
  });
  const tokens: Tokens = await response.json();
  return {tokens, answer};
}

export function refresh(demo: Demo, refreshToken: string): Promise<Response> {
  return requestTokens(demo, {grant_type: 'refresh_token', refresh_token: refreshToken});
}
