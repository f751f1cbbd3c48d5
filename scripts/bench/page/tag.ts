import type {} from '../../../src/secure-map.js';
import {install} from './harness.js';
import {shownOl} from './ol-map.js';
import {fetchToken} from './token.js';

// The tag, as the drop-in module brings it, with the token from a function of the page.

install(({tiles, place, token, tokenUrl, bridge}, target) => {
  const tag = document.createElement('secure-map');
  const {origin} = new URL(tiles);
  tag.setAttribute('allowed-origins', origin);
  if (bridge) tag.setAttribute('tile-bridge', bridge);
  tag.setAttribute('center', place.lonLat.join(','));
  tag.setAttribute('zoom', String(place.zoom));
  tag.setAttribute('layers', JSON.stringify([{type: 'xyz', id: 'tiles', url: tiles}]));
  tag.getToken = async ({reason}) => (reason === 'unauthorized' ? fetchToken(tokenUrl) : token);
  target.append(tag);
  return shownOl(tag.map, () => tag.remove());
});
