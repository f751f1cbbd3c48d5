import {loginForm} from './sources/login-form.js';
import type {SourceKind} from './sources/source-kind.js';

interface Extensible {
  addSources(kinds: Readonly<Record<string, SourceKind>>): void;
}

const isExtensible = (value: object): value is Extensible => 'addSources' in value;

/**
 * Adds the login form (`login-url` with `login-kind`) to the tag, whichever copy of the module defined it, and whether
 * it is defined already or later.
 */
const extend = async (): Promise<void> => {
  const tag = await customElements.whenDefined('secure-map');
  if (isExtensible(tag)) tag.addSources({loginForm});
};

// Where there is no browser the module can be imported, and does nothing.
if ('customElements' in globalThis) void extend();
