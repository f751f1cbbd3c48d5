import {fetchConfig} from './config/fetch-config.js';
import {parseConfig} from './config/parse-config.js';
import {parseLayers} from './config/parse-layers.js';
import type {Parts} from './element/parts.js';
import {SecureMapElement} from './element/secure-map-element.js';
import {projectionOf} from './layers/projections/projection-of.js';
import {createLayer} from './layers/registry.js';
import {attachOf} from './platforms/attachments.js';
import {chooseSource} from './sources/choose-source.js';
import {sources} from './sources/registry.js';
import type {SourceKind} from './sources/source-kind.js';

/** The tag with every part that there is: the one place that knows all registries. Registers nothing. */
export class SecureMap extends SecureMapElement {
  /** The address of the module that the page loaded; `callback.html` stands beside it. */
  static moduleUrl: string | undefined;

  /** Every way to get a credential, also what other modules of the package add. */
  static #sources: Readonly<Record<string, SourceKind>> = sources;
  static readonly #connected = new Set<SecureMap>();

  /** Adds ways to get a credential, for maps to come and for those that are there. */
  static addSources(kinds: Readonly<Record<string, SourceKind>>): void {
    SecureMap.#sources = {...SecureMap.#sources, ...kinds};
    for (const map of SecureMap.#connected) map.requestUpdate('loginKind');
  }

  override connectedCallback(): void {
    SecureMap.#connected.add(this);
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    SecureMap.#connected.delete(this);
    super.disconnectedCallback();
  }

  override readonly parts: Parts = {
    chooseSource: (fields) => chooseSource(fields, SecureMap.#sources),
    fetchConfig,
    parseConfig,
    attachOf,
    loadMap: async (...map) => {
      const loaded = await (await import('./platforms/load-map.js')).loadMap(...map);
      // The visitor may have to sign in where the frame is from.
      if (loaded.frame) SecureMap.#sources = {...SecureMap.#sources, embed: (await import('./sources/embed.js')).embed};
      return loaded;
    },
    parseLayers,
    loadProjection: projectionOf,
    defineProjections: async (definitions) =>
      (await import('./layers/projections/define-projections.js')).defineProjections(definitions),
    createLayer,
    moduleUrl: SecureMap.moduleUrl,
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'secure-map': SecureMap;
  }
}
