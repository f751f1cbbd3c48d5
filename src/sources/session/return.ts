import {handOver} from '../window/hand-over.js';
import {storageOf, type Page} from '../window/page.js';
import {isFresh, parseRecord, recordKey, states} from '../window/record.js';

/** Before the random part of the `state` under which a popup of a cookie session reports back. */
export const PREFIX = 'session-';

/** A path of the page's own origin. Two slashes in front would make it another host (RFC 9700 §4.11). */
export const pathOf = (address: string, {hash: withHash = false} = {}): string => {
  const {pathname, search, hash} = new URL(address);
  return `${pathname}${search}${withHash ? hash : ''}`.replace(/^[/\\]+/, '/');
};

/** This page is the popup itself, back from the back end: it has only to say so. */
export const reportReturn = (page: Page, returnUrl: string, now: number): void => {
  const storage = storageOf(page);
  if (!storage || pathOf(page.location.href) !== pathOf(returnUrl)) return;
  const state = states(storage, 'popup').find((each) => each.startsWith(PREFIX));
  if (state === undefined) return;
  const record = parseRecord(storage.getItem(recordKey('popup', state)));
  storage.removeItem(recordKey('popup', state));
  if (record && isFresh(record, now)) handOver(page, new URLSearchParams({state}));
};

/** Whether the visitor has just come back from signing in. Used once. */
export const takeReturn = (page: Page, name: string, now: number): boolean => {
  const storage = storageOf(page);
  const record = parseRecord(storage?.getItem(recordKey('return', name)) ?? null);
  storage?.removeItem(recordKey('return', name));
  return record !== undefined && isFresh(record, now);
};
