import type {BrowserKind} from './browser.js';
import {chromium} from './chromium.js';
import {firefox} from './firefox.js';
import {webkit} from './webkit.js';

/** By the names that the command takes. */
export const kinds = {chromium, firefox, webkit} as const satisfies Readonly<Record<string, BrowserKind>>;

export type KindName = keyof typeof kinds;

export const isKindName = (name: string): name is KindName => Object.hasOwn(kinds, name);
