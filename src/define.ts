import {SecureMap} from './secure-map.js';

export * from './index.js';

SecureMap.moduleUrl = import.meta.url;

// A page may hold two copies of the module; the first one wins, as with any element.
if (!customElements.get('secure-map')) customElements.define('secure-map', SecureMap);
