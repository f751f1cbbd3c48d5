import {createHmac, randomUUID} from 'node:crypto';

/** What stands on the page "Beveiliging en toegang" of Planviewer's dashboard. */
export interface PlanviewerOAuth {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly authorizeUrl: string;
  readonly accessTokenUrl: string;
  readonly resourceUrl: string;
}

/** What a provider answers to the token call. */
export interface PlanviewerToken {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in?: number;
  readonly refresh_token?: string;
  /** Of a MAC token (draft-ietf-oauth-v2-http-mac-01, section 5.1). */
  readonly mac_key?: string;
  readonly mac_algorithm?: string;
}

export interface PlanviewerClientOptions extends PlanviewerOAuth {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** The document says "POST JSON object" in its text and "Form Parameters" in its reference. */
  readonly tokenRequest: () => 'form' | 'json';
}

export interface PlanviewerClient {
  /** Where the browser is sent to. Assumed: no `scope`, which is not among the parameters of the document. */
  authorizeUrl(state: string, redirectUri: string): string;
  /** Whether the code yields an access token that the resource server takes. */
  redeem(code: string, redirectUri: string): Promise<PlanviewerToken | undefined>;
}

/** Planviewer as a client of the site's OAuth provider: what it does in the background. */
export const createPlanviewerClient = (options: PlanviewerClientOptions): PlanviewerClient => {
  const {clientId, clientSecret, fetch: send, now} = options;

  const askToken = async (code: string, redirectUri: string): Promise<PlanviewerToken | undefined> => {
    const fields = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      client_id: clientId,
      client_secret: clientSecret,
    };
    const isJson = options.tokenRequest() === 'json';
    // The secret goes both ways, to cater to most providers, although RFC 6749, section 2.3, forbids it.
    const response = await send(options.accessTokenUrl, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: isJson ? JSON.stringify(fields) : new URLSearchParams(fields).toString(),
      redirect: 'manual',
    });
    const answer: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
    return isToken(answer) ? answer : undefined;
  };

  const authorizationFor = (token: PlanviewerToken): string | undefined => {
    const type = token.token_type.toLowerCase();
    if (type === 'bearer') return `Bearer ${token.access_token}`;
    return type === 'mac' ? macHeader(token, new URL(options.resourceUrl), now()) : undefined;
  };

  return {
    authorizeUrl(state, redirectUri) {
      const url = new URL(options.authorizeUrl);
      const parameters = {
        state,
        response_type: 'code',
        approval_prompt: 'auto',
        client_id: clientId,
        redirect_uri: redirectUri,
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return url.href;
    },
    async redeem(code, redirectUri) {
      const token = await askToken(code, redirectUri);
      const authorization = token && authorizationFor(token);
      if (authorization === undefined) return undefined;
      // What it says is not used; that it says it is.
      const resource = await send(options.resourceUrl, {headers: {authorization}, redirect: 'manual'});
      await resource.arrayBuffer();
      return resource.ok ? token : undefined;
    },
  };
};

const isToken = (answer: unknown): answer is PlanviewerToken => {
  if (typeof answer !== 'object' || answer === null) return false;
  const {access_token, token_type}: {access_token?: unknown; token_type?: unknown} = answer;
  return typeof access_token === 'string' && access_token !== '' && typeof token_type === 'string';
};

/** draft-ietf-oauth-v2-http-mac-01, section 3.2: the request signed with a key that came with the token. */
const macHeader = (
  {access_token: id, mac_key: key, mac_algorithm: algorithm}: PlanviewerToken,
  url: URL,
  time: number,
): string | undefined => {
  const hash = algorithm === 'hmac-sha-256' ? 'sha256' : algorithm === 'hmac-sha-1' ? 'sha1' : undefined;
  if (key === undefined || hash === undefined) return undefined;
  const [ts, nonce] = [String(Math.floor(time / 1000)), randomUUID()];
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const lines = [ts, nonce, 'GET', `${url.pathname}${url.search}`, url.hostname, port, ''];
  const mac = createHmac(hash, key)
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('base64');
  return `MAC id="${id}", ts="${ts}", nonce="${nonce}", mac="${mac}"`;
};
