// @ts-check
import {create} from './dom.js';

/** @param {HTMLElement} map */
export function showActions(map) {
  const running = /** @type {[string, string]} */ (['Cut the network', 'Sign-in and map server stop answering.']);
  const stopped = /** @type {[string, string]} */ (['Restore the network', 'Nothing gets through at the moment.']);
  let isCut = false;
  const network = button(...running, async () => {
    await control(isCut ? 'online' : 'offline');
    isCut = !isCut;
    network.classList.toggle('cut', isCut);
    network.replaceChildren(...label(...(isCut ? stopped : running)));
  });
  network.id = 'network';

  return create(
    'section',
    {class: 'actions', 'aria-label': 'Things that go wrong'},
    button('Expire tokens', 'Every token so far is refused with 401.', () => control('expire')),
    button('Revoke session', 'The next refresh is refused.', () => control('revoke')),
    network,
    button('Open a second map', 'The same identity, once more on this page.', () => addMap(map)),
  );
}

/**
 * @param {string} name
 * @param {string} hint
 */
function label(name, hint) {
  return [create('strong', {}, name), create('span', {}, hint)];
}

/**
 * @param {string} name
 * @param {string} hint
 * @param {() => unknown} action
 */
function button(name, hint, action) {
  const element = create('button', {type: 'button'}, ...label(name, hint));
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
