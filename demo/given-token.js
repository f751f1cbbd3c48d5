// @ts-check

/** @typedef {HTMLElement & {token: string, config: string}} TokenMap */

/** One answer for all maps that ask at the same time. */
let underWay = /** @type {Promise<string> | undefined} */ (undefined);

async function fetchToken() {
  const response = await fetch('/site/token', {cache: 'no-store'});
  if (!response.ok) throw new Error(`The site gave no token: ${response.status}`);
  const {access_token: token} = await response.json();
  return token;
}

/** @param {TokenMap} map */
async function giveToken(map) {
  underWay ??= fetchToken().finally(() => (underWay = undefined));
  map.token = await underWay;
  // Only now: a map that has something to load would ask for it without the token.
  map.config ||= `${map.getAttribute('allowed-origins')}/config/world.json`;
}

/** @param {Event} event */
function onTokenWanted(event) {
  // The page signs in by itself, so the tag need not offer it.
  event.preventDefault();
  void giveToken(/** @type {TokenMap} */ (event.target));
}

document.addEventListener('auth-required', onTokenWanted);
document.addEventListener('session-expired', onTokenWanted);
document.addEventListener('map-added', onTokenWanted);

// A property that is set before the tag is defined hides the accessor of the same name.
await customElements.whenDefined('secure-map');
void giveToken(/** @type {TokenMap} */ (document.querySelector('secure-map')));
