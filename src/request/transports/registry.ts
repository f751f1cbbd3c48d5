import type {TransportKind} from '../transport.js';
import {cookie} from './cookie.js';
import {form} from './form.js';
import {header} from './header.js';
import {mac} from './mac.js';
import {query} from './query.js';

/** Every way for a credential to travel: `token-transport`. A new one is one file and one line here. */
export const transports = {header, query, form, cookie, mac} satisfies Record<string, TransportKind>;

export type TransportName = keyof typeof transports;
