// @ts-check

/** @typedef {{reason: 'initial' | 'expiring' | 'unauthorized', origin: string, signal: AbortSignal}} TokenRequest */

const map = /** @type {HTMLElement & {getToken: (request: TokenRequest) => Promise<unknown>}} */ (
  document.querySelector('secure-map')
);

map.getToken = async ({reason, signal}) => {
  const response = await fetch(`/site/token?reason=${reason}`, {signal, cache: 'no-store'});
  if (!response.ok) throw new Error(`The site gave no token: ${response.status}`);
  const {access_token: token, expires_in: expiresIn} = await response.json();
  return {token, expiresIn};
};
