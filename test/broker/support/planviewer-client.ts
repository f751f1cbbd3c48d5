import assert from 'node:assert/strict';
import {createPlanviewerProvider, type Handler, type PlanviewerProviderOptions} from '../../../src/broker/index.js';
import {PLANVIEWER_VIEWERS} from '../../doubles/platforms/planviewer.js';

// A client that can be told to ask wrongly, which the double of Planviewer never does.

export const site = 'https://site.example';
export const oauth = `${site}/planviewer`;
export const planviewer = 'https://www.planviewer.example';
export const callback = `${planviewer}/maps_api/v2/oauth/1/callback`;
export const clientId = 'planviewer';
export const clientSecret = 'the secret+of%planviewer: ünlikely, but it has signs'.replace('ü', 'u');
export const key = 'a-random-string-of-the-site-of-at-least-32-characters';
export const viewer = `${planviewer}/maps_api/v2/embed/viewer/${PLANVIEWER_VIEWERS[0]?.identifier}`;

export const create = (more: Partial<PlanviewerProviderOptions> = {}): Handler =>
  createPlanviewerProvider({
    clients: [{clientId, clientSecret, redirectUris: [callback, `${callback}?app=2`]}],
    authenticate: () => ({sub: 'anna'}),
    key,
    ...more,
  });

export type Fields = Readonly<Record<string, string | undefined>>;
const defined = (fields: Fields): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

export const authorize = (provider: Handler, fields: Fields = {}): Promise<Response> => {
  const all = {
    state: 'a-state',
    response_type: 'code',
    approval_prompt: 'auto',
    client_id: clientId,
    redirect_uri: callback,
    ...fields,
  };
  return provider(new Request(`${oauth}/authorize?${new URLSearchParams(defined(all)).toString()}`));
};

export const back = (response: Response): Record<string, string> => {
  assert.equal(response.status, 302);
  const url = new URL(response.headers.get('location') ?? '');
  assert.equal(url.origin + url.pathname, callback);
  return Object.fromEntries(url.searchParams);
};

export const codeFrom = async (provider: Handler, fields: Fields = {}): Promise<string> => {
  const {code, state} = back(await authorize(provider, fields));
  assert.equal(state, 'a-state');
  return code ?? '';
};

export const basic = (id: string, secret: string): string => `Basic ${btoa(`${id}:${secret}`)}`;

export interface TokenRequest {
  readonly fields?: Fields;
  readonly authorization?: string | null;
  readonly isJson?: boolean;
}

/** As Planviewer asks: the secret in the header and in the body. */
export const ask = async (
  provider: Handler,
  {fields = {}, authorization = basic(clientId, clientSecret), isJson = false}: TokenRequest,
) => {
  const all = defined({
    grant_type: 'authorization_code',
    redirect_uri: callback,
    client_id: clientId,
    client_secret: clientSecret,
    ...fields,
  });
  const response = await provider(
    new Request(`${oauth}/access_token`, {
      method: 'POST',
      headers: {
        'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
        ...(authorization === null ? {} : {authorization}),
      },
      body: isJson ? JSON.stringify(all) : new URLSearchParams(all).toString(),
    }),
  );
  const body = (await response.json()) as Record<string, unknown>;
  return {status: response.status, body, headers: response.headers};
};

export const resource = (provider: Handler, authorization?: string, path = '/resource'): Promise<Response> =>
  provider(new Request(`${oauth}${path}`, {headers: authorization === undefined ? {} : {authorization}}));
