import {isRecord} from '../../credentials/is-record.js';
import {recordedScope, type OidcSettings} from './options.js';
import {only} from '../window/message.js';
import {storageOf, type Page} from '../window/page.js';
import {isFresh, parseRecord, recordKey, states, sweep} from '../window/record.js';

/** RFC 6749 §4.1.2, RFC 9207 §2 and OpenID Connect Session Management §2. */
const ANSWER_PARAMS = ['code', 'state', 'iss', 'session_state', 'error', 'error_description', 'error_uri'];

const isAnswer = (params: URLSearchParams): boolean => params.has('code') || params.has('error');

const isParamOfAnswer = (pair: string): boolean =>
  ANSWER_PARAMS.some((name) => new URLSearchParams(`&${pair}`).has(name));

/** Takes the answer out of the address and keeps the rest as it is written, down to its encoding. */
const cleanAddress = ({location, history}: Page): void => {
  const url = new URL(location.href);
  const rest = url.search
    .slice(1)
    .split('&')
    .filter((pair) => !isParamOfAnswer(pair));
  url.search = rest.join('&');
  history.replaceState(history.state, '', url);
};

const isRedirectUri = (address: string, redirectUri: string): boolean => {
  const here = new URL(address);
  const there = new URL(redirectUri);
  return here.origin === there.origin && here.pathname === there.pathname;
};

/** The answer in this page's own address, when the page is the redirect-uri. Whose it is the caller must tell. */
const answerInAddress = (page: Page, {redirectUri}: OidcSettings): URLSearchParams | undefined => {
  if (!isRedirectUri(page.location.href, redirectUri)) return undefined;
  const params = new URL(page.location.href).searchParams;
  return isAnswer(params) && only(params, 'state') ? params : undefined;
};

/** True for a request that this very client began: an answer for another one on the page is not ours to take. */
const isOurs = (storage: Storage, state: string, settings: OidcSettings): boolean => {
  const request = parseRecord(storage.getItem(recordKey('oidc', state)));
  if (!request) return false;
  const extra = isRecord(request['extraTokenParams']) ? request['extraTokenParams'] : {};
  return (
    request['authority'] === settings.authority
    && request['client_id'] === settings.clientId
    && request['redirect_uri'] === settings.redirectUri
    && request['scope'] === recordedScope(settings)
    && extra['resource'] === settings.resource
  );
};

const takeFromAddress = (page: Page, storage: Storage, settings: OidcSettings): URLSearchParams | undefined => {
  const params = answerInAddress(page, settings);
  const state = params && only(params, 'state');
  if (!state || !isOurs(storage, state, settings)) return undefined;
  cleanAddress(page);
  storage.removeItem(recordKey('redirect', state));
  return params;
};

const takeFromStorage = (storage: Storage, settings: OidcSettings, now: number): URLSearchParams | undefined => {
  const state = states(storage, 'answer').find((candidate) => isOurs(storage, candidate, settings));
  if (state === undefined) return undefined;
  const record = parseRecord(storage.getItem(recordKey('answer', state)));
  storage.removeItem(recordKey('answer', state));
  if (!record || !isFresh(record, now) || typeof record['params'] !== 'string') return undefined;
  const params = new URLSearchParams(record['params']);
  return only(params, 'state') === state ? params : undefined;
};

/**
 * The answer of a redirect that this client began: in the page's own address, or put aside by the return page. The
 * address is clean before this returns (RFC 9700 §4.2.4). A `code` and `state` that are not ours, such as those of the
 * page's own router, stay where they are.
 */
export const takeAnswer = (page: Page, settings: OidcSettings, now: number): URLSearchParams | undefined => {
  const storage = storageOf(page);
  if (!storage) return undefined;
  const params = takeFromAddress(page, storage, settings) ?? takeFromStorage(storage, settings, now);
  sweep(storage, now);
  return params;
};

/** The state of a popup that came back to this page, which then is the popup and only has to hand the answer over. */
export const takePopupAnswer = (page: Page, settings: OidcSettings): URLSearchParams | undefined => {
  const storage = storageOf(page);
  const params = answerInAddress(page, settings);
  const state = params && only(params, 'state');
  if (!storage || !state || storage.getItem(recordKey('popup', state)) === null) return undefined;
  storage.removeItem(recordKey('popup', state));
  cleanAddress(page);
  return params;
};
