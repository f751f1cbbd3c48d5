// @ts-check
import {create} from './dom.js';

/** @typedef {HTMLElement & {authState?: string, expiresAt?: number, user?: {name?: string, sub?: string}}} SecureMap */
/** @typedef {Event & {state: string, reason?: string}} StateEvent */

/** What the session of the map is, by its events: none of them carries a token.
 * @param {SecureMap} map
 */
export function showSession(map) {
  const state = create('span', {class: 'state', 'data-state': 'anonymous'}, 'anonymous');
  const visitor = create('dd', {}, '–');
  const expiry = create('dd', {id: 'expiry'}, '–');
  const refreshes = create('dd', {id: 'refreshes'}, '0');
  const note = create('p', {class: 'note', role: 'status'});
  let count = 0;

  map.addEventListener('auth-state-change', (event) => {
    const {state: next, reason} = /** @type {StateEvent} */ (event);
    state.textContent = next;
    state.dataset.state = next;
    visitor.textContent = map.user?.name ?? map.user?.sub ?? '–';
    note.textContent = reason === undefined ? '' : `Reason: ${reason}`;
    tick();
  });
  map.addEventListener('token-refreshed', () => {
    count += 1;
    refreshes.textContent = String(count);
    tick();
  });

  const tick = () => {
    const {expiresAt} = map;
    const seconds = expiresAt === undefined ? undefined : Math.max(0, Math.ceil((expiresAt - Date.now()) / 1000));
    expiry.textContent = seconds === undefined ? '–' : `${seconds} s`;
  };
  setInterval(tick, 1000);

  return create(
    'section',
    {class: 'session', 'aria-label': 'Session'},
    create(
      'dl',
      {},
      create('div', {}, create('dt', {}, 'Session'), create('dd', {}, state)),
      create('div', {}, create('dt', {}, 'Visitor'), visitor),
      create('div', {}, create('dt', {}, 'Token expires in'), expiry),
      create('div', {}, create('dt', {}, 'Refreshes'), refreshes),
    ),
    note,
  );
}
