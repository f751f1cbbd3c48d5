import {SecureMap} from '../../src/secure-map.js';
import type {SecureMapErrorEvent} from '../../src/element/events.js';

if (!customElements.get('secure-map')) customElements.define('secure-map', SecureMap);

/** Answers instead of the hosts of `.example`; `undefined` is a dead network. */
export type HostAnswer = (request: Request, url: URL) => Promise<Response | undefined> | Response | undefined;

export interface PlatformPage {
  /** Every request to a host of `.example`, in order. */
  readonly sent: readonly Request[];
  /** What `secure-map-error` told, as `code: words`. */
  readonly errors: readonly string[];
  /** Puts a tag into the page. Resolves when it is ready. */
  put(fields: Readonly<Record<string, unknown>>, attributes?: Readonly<Record<string, string>>): Promise<SecureMap>;
  close(): void;
}

/** A page whose network is scripted, for tags that are shown as a whole. */
export const platformPage = (answer: HostAnswer): PlatformPage => {
  const network = globalThis.fetch;
  const sent: Request[] = [];
  const errors: string[] = [];
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (!url.hostname.endsWith('.example')) return network(input, init);
    if (request.mode !== 'no-cors') sent.push(request);
    const response = await answer(request, url);
    if (!response) throw new TypeError('Failed to fetch');
    return response;
  };
  const listen = ({error}: SecureMapErrorEvent): void => void errors.push(`${error.code}: ${error.message}`);
  return {
    sent,
    errors,
    async put(fields, attributes = {}) {
      const map = document.createElement('secure-map');
      map.style.cssText = 'display: block; width: 256px; height: 256px';
      map.addEventListener('secure-map-error', listen);
      for (const [name, value] of Object.entries(attributes)) map.setAttribute(name, value);
      document.body.append(Object.assign(map, {controls: 'none', ...fields}));
      await map.ready;
      return map;
    },
    close() {
      for (const map of document.querySelectorAll('secure-map')) map.remove();
      globalThis.fetch = network;
    },
  };
};

/** Whether anything of the map is to be seen in its middle. */
export const isDrawn = (map: SecureMap): boolean => {
  const canvases = map.shadowRoot?.querySelectorAll<HTMLCanvasElement>('.ol-layer canvas') ?? [];
  return [...canvases].some((canvas) => {
    if (canvas.width === 0) return false;
    const pixel = canvas.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
    return Number(pixel?.[3]) > 0;
  });
};
