// @ts-check
import {showActions} from './actions.js';
import {showMarkup} from './markup.js';
import {showRequests} from './requests.js';
import {showSession} from './session.js';

// Runs before the tag is defined, so that the markup shown is the markup of the page and no event is missed.
const map = /** @type {HTMLElement} */ (document.querySelector('secure-map'));
const panel = /** @type {HTMLElement} */ (document.querySelector('#panel'));

showMarkup(map);
panel.append(showSession(map), showActions(map), showRequests());
