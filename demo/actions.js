// @ts-check
import {create} from './dom.js';

/** @param {HTMLElement} map */
export function showActions(map) {
  const offline = button('Cut the network', 'Sign-in and map server stop answering.', async () => {
    const cut = offline.getAttribute('aria-pressed') !== 'true';
    await control(cut ? 'offline' : 'online');
    offline.setAttribute('aria-pressed', String(cut));
  });
  offline.setAttribute('aria-pressed', 'false');
  offline.id = 'network';

  return create(
    'section',
    {class: 'actions', 'aria-label': 'Things that go wrong'},
    button('Expire tokens', 'Every token so far is refused with 401.', () => control('expire')),
    button('Revoke session', 'The next refresh is refused.', () => control('revoke')),
    offline,
    button('Open a second map', 'The same identity, once more on this page.', () => addMap(map)),
  );
}

/**
 * @param {string} label
 * @param {string} hint
 * @param {() => unknown} action
 */
function button(label, hint, action) {
  const element = create('button', {type: 'button'}, create('strong', {}, label), create('span', {}, hint));
  element.addEventListener('click', () => void action());
  return element;
}

/** @param {string} name */
async function control(name) {
  await fetch(`/demo/control/${name}`, {method: 'POST'});
}

/** @param {HTMLElement & {getToken?: unknown}} first */
function addMap(first) {
  const maps = first.parentElement;
  if (maps === null) return;
  const second = /** @type {typeof first} */ (first.cloneNode());
  second.id = `map-${maps.children.length + 1}`;
  // A function is not an attribute, so a copy of the tag does not have it.
  if (first.getToken !== undefined) second.getToken = first.getToken;
  maps.append(second);
  second.dispatchEvent(new Event('map-added', {bubbles: true, cancelable: true}));
  second.scrollIntoView({block: 'nearest'});
}
