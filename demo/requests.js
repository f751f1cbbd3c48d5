// @ts-check
import {create} from './dom.js';

/**
 * @typedef {object} LogEntry
 * @property {number} at
 * @property {'page' | 'sign-in' | 'map' | 'platform'} server
 * @property {string} method
 * @property {string} path
 * @property {number} status
 * @property {boolean} preflight
 * @property {'Bearer' | 'DPoP' | 'none' | 'refused' | 'secret'} credential
 * @property {boolean} aborted
 */

const LIMIT = 200;

/** What the servers saw, as they saw it. */
export function showRequests() {
  const list = create('ol', {tabindex: '0', 'aria-label': 'Requests, newest first'});
  const preflights = create('input', {type: 'checkbox', id: 'preflights'});
  preflights.addEventListener('change', () => list.classList.toggle('with-preflights', preflights.checked));
  const clear = create('button', {type: 'button', class: 'small'}, 'Clear');
  const totals = {Bearer: 0, DPoP: 0, none: 0, refused: 0, preflight: 0};
  const figures = {
    Bearer: create('b', {}, '0'),
    DPoP: create('b', {}, '0'),
    none: create('b', {}, '0'),
    refused: create('b', {}, '0'),
    preflight: create('b', {}, '0'),
  };
  const count = () => {
    for (const [name, figure] of Object.entries(figures)) {
      figure.textContent = String(totals[/** @type {keyof typeof totals} */ (name)]);
    }
  };
  clear.addEventListener('click', () => {
    list.replaceChildren();
    Object.assign(totals, {Bearer: 0, DPoP: 0, none: 0, refused: 0, preflight: 0});
    count();
  });

  // The tag may have begun before this stream is open.
  const since = Math.floor(performance.timeOrigin);
  new EventSource(`/demo/events?since=${since}`).addEventListener('message', ({data}) => {
    const entry = /** @type {LogEntry} */ (JSON.parse(data));
    // The files of the pages are not the story; the site's back end is.
    const isFile =
      entry.server === 'page'
        ? !/^\/(?:site\/token$|broker\/|planviewer\/)/.test(entry.path)
        : /\.(?:css|ico)$/.test(entry.path);
    if (isFile) return;
    list.prepend(showEntry(entry));
    if (list.children.length > LIMIT) list.lastElementChild?.remove();
    const isMap = entry.server === 'map' || entry.server === 'platform';
    if (isMap && entry.credential !== 'secret') totals[entry.preflight ? 'preflight' : entry.credential] += 1;
    count();
  });

  return create(
    'section',
    {class: 'requests', 'aria-labelledby': 'requests-title'},
    create('header', {}, create('h3', {id: 'requests-title'}, 'Requests'), clear),
    create(
      'ul',
      {class: 'totals', 'aria-label': 'Map requests so far'},
      create('li', {'data-credential': 'Bearer'}, figures.Bearer, ' with token'),
      create('li', {'data-credential': 'DPoP'}, figures.DPoP, ' with proof'),
      create('li', {'data-credential': 'none'}, figures.none, ' without'),
      create('li', {'data-credential': 'refused'}, figures.refused, ' refused'),
      create('li', {}, figures.preflight, ' preflights'),
    ),
    create('label', {class: 'check'}, preflights, 'Show preflights'),
    list,
  );
}

const SERVERS = {page: 'site', 'sign-in': 'sign-in', map: 'map', platform: 'platform'};
const CREDENTIALS = {Bearer: 'token', DPoP: 'proof', none: '–', refused: 'refused', secret: 'secret'};

/** @param {LogEntry} entry */
function showEntry({server, method, path, status, preflight, credential, aborted}) {
  const outcome = aborted ? 'given up' : status === 0 ? 'no answer' : String(status);
  const kind = aborted || status === 0 ? 'none' : status < 400 ? 'good' : 'bad';
  return create(
    'li',
    preflight ? {class: 'preflight'} : {},
    create('span', {class: 'server', 'data-server': server}, SERVERS[server]),
    create(
      'span',
      {class: 'path', title: `${method} ${path}`},
      `${method === 'GET' ? '' : `${method} `}${shorten(path)}`,
    ),
    create('span', {class: 'credential', 'data-credential': credential}, CREDENTIALS[credential]),
    create('span', {class: 'status', 'data-kind': kind}, outcome),
  );
}

/** What is asked for stands at the end of a path.
 * @param {string} path
 */
function shorten(path) {
  return path.length <= 27 ? path : `…${path.slice(-26)}`;
}
