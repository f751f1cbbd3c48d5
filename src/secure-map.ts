import {fetchConfig} from './config/fetch-config.js';
import {parseConfig, parseLayers} from './config/parse-config.js';
import type {Parts} from './element/parts.js';
import {SecureMapElement} from './element/secure-map-element.js';
import {createLayer} from './layers/registry.js';
import {chooseSource} from './sources/choose-source.js';
import {sources} from './sources/registry.js';

/** The tag with every part that there is: the one place that knows all registries. Registers nothing. */
export class SecureMap extends SecureMapElement {
  /** The address of the module that the page loaded; `callback.html` stands beside it. */
  static moduleUrl: string | undefined;

  override readonly parts: Parts = {
    chooseSource: (fields) => chooseSource(fields, sources),
    fetchConfig,
    parseConfig,
    parseLayers,
    createLayer,
    moduleUrl: SecureMap.moduleUrl,
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'secure-map': SecureMap;
  }
}
