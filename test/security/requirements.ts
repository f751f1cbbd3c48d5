/** `D`: not ours to keep but the deployer's; our servers of the demo show how. */
export type Level = 'MUST' | 'SHOULD' | 'D';

export interface Requirement {
  readonly number: number;
  readonly level: Level;
  readonly words: string;
}

const flow: readonly [Level, string][] = [
  ['MUST', 'Authorization code with PKCE S256 and nothing else'],
  ['MUST', 'No sign-in at a provider that lists PKCE methods without S256'],
  ['MUST', 'A new verifier (43 characters or more), state and nonce for each try, from the crypto API'],
  ['MUST', '`state` is good once, for 15 minutes, in this tab; a mismatch ends before the token endpoint'],
  ['MUST', '`iss` of the answer (RFC 9207) is the issuer, letter by letter; missing while advertised is a mismatch'],
  ['MUST', 'The `issuer` of the discovery document is the configured one, byte for byte'],
  ['MUST', 'id_token: signature, algorithm, iss, aud, azp, exp, iat, nonce; the same sub after a renewal'],
  ['MUST', '`token_type` is Bearer or DPoP; Bearer is discarded where DPoP is required'],
  ['MUST', '`redirect-uri` is exact, https and of the page’s own origin'],
  ['MUST', 'No open redirector: the way back is a path of the same origin'],
  ['MUST', 'The answer is out of the address before anything else loads; other parameters stay'],
  ['MUST', 'No client secret in the browser'],
  ['MUST', 'No password grant in the default build'],
  ['SHOULD', '`resource` on the authorize, code and refresh request; tokens of two resources never swapped'],
  ['SHOULD', 'The least scope; `offline_access` only when configured'],
];

const messaging: readonly [Level, string][] = [
  ['MUST', 'postMessage with an exact target; the receiver checks origin and state; other messages are ignored'],
  ['MUST', 'The return page holds no app code, clears its address first, uses a channel per try, closes itself'],
  ['MUST', 'The popup opens inside the click; a blocked one leaves a visible way on'],
  ['MUST', 'Popup closed or cut off (COOP): every sign-in settles, with a Cancel all the while'],
  ['MUST', 'No sign-in inside a frame, and no hidden frame'],
];

const bearer: readonly [Level, string][] = [
  ['MUST', 'The token is in the `Authorization` header, and each request carries it one way'],
  ['MUST', 'No token in a URL unless `token-transport="query"` asks for it, and that is warned about'],
  ['MUST', 'No token in a form body but for POST, and only when asked for'],
  ['MUST', 'Credentials go to listed origins and paths only, and a fetched config cannot widen them'],
  ['MUST', 'No redirect is followed with a credential'],
  ['MUST', 'Credentials go over https only (http on this machine)'],
  ['MUST', 'No cookies beside a bearer token; with a cookie session only to listed origins'],
  ['SHOULD', 'No Referer on requests with a credential'],
  ['MUST', '401: one refresh and one more try at most; 403: none'],
  ['MUST', 'The access token is opaque; `exp` is a hint of tokens that the page gave, and nothing more'],
];

const lifetime: readonly [Level, string][] = [
  ['MUST', 'Tokens in memory unless asked for otherwise; never in the DOM, an event or a log'],
  ['MUST', 'The `token` attribute is read once and removed'],
  ['MUST', 'Renewal ahead of the end, with jitter, never more than once in 5 s or ten times a minute'],
  ['MUST', 'One renewal in the whole browser, whatever the number of refusals, maps and tabs'],
  ['MUST', 'A rotated refresh token is stored before its access token is used; a late writer never wins'],
  ['MUST', 'Network trouble, 5xx and 429 keep the session; `invalid_grant` ends it and keeps the view'],
  ['MUST', 'Waking up in any way looks at the expiry at once'],
  ['SHOULD', 'DPoP where it is advertised: a key that cannot be read, `htu`, `ath`, nonces, one more try'],
  ['MUST', 'Sign-out wipes everything here and in every tab within a second, then revokes, also offline'],
  ['SHOULD', 'Signed out elsewhere is noticed without third-party cookies and without frames'],
  ['MUST', 'Nothing of the former visitor is to be seen after a sign-out or change of user'],
];

const page: readonly [Level, string][] = [
  ['MUST', 'Works under `default-src "none"` with scripts, styles and images of the site itself'],
  ['SHOULD', 'Works with Trusted Types enforced and no policy but `lit-html`'],
  ['MUST', 'Strings of a config are text, links in them http(s) only'],
  ['MUST', 'No token, code or verifier in a message or log'],
  ['SHOULD', 'No `unload` handler; the back/forward cache stays usable'],
  ['D', 'Cookie session: `__Host-` or HttpOnly, SameSite, and requests of other sites refused'],
  ['D', 'Provider: refresh tokens rotate and end, CORS on the endpoints for pages only'],
];

/** The requirements, in the order and with the numbers that the tests have in their titles. */
export const requirements: readonly Requirement[] = [...flow, ...messaging, ...bearer, ...lifetime, ...page].map(
  ([level, words], index) => ({number: index + 1, level, words}),
);
