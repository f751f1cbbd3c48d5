/** What stands for a password, a token, a code or a session in anything that is printed. */
const secret = new Set([
  'password',
  'access_token',
  'refresh_token',
  'id_token',
  'id_token_hint',
  'token',
  'code',
  'code_verifier',
  'client_secret',
  'session_code',
  'tab_id',
  'execution',
  'session_state',
  'state',
  'nonce',
  'client_data',
]);

const mask = (name: string, value: string): string =>
  secret.has(name) && value ? `(${value.length} characters)` : value;

/** `a=b&c=d` with the secrets replaced by their lengths. */
export const maskedForm = (form: string): string =>
  [...new URLSearchParams(form)].map(([name, value]) => `${name}=${mask(name, value)}`).join('&');

/** A path with its query. Keycloak names a session in the path of nothing. */
export const maskedPath = (path: string): string => {
  const [before = '', query] = path.split('?');
  return query === undefined ? before : `${before}?${maskedForm(query)}`;
};

/** `Bearer (734 characters)`: how a credential travelled, and not what it was. */
export const maskedHeader = (name: string, value: string): string => {
  if (/^(authorization|proxy-authorization)$/.test(name)) {
    const [type = '', rest = ''] = value.split(' ');
    return rest ? `${type} (${rest.length} characters)` : '(masked)';
  }
  return /^(cookie|dpop)$/.test(name) ? `(${value.length} characters)` : value;
};
