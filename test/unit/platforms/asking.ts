import {loadMap, type PlatformTag} from '../../../src/platforms/load-map.js';
import {RequestError} from '../../../src/request/request-error.js';

interface Asked {
  /** What the platform answered, as a map configuration; or what was wrong. */
  readonly document: {readonly title?: unknown; readonly view?: unknown; readonly layers: readonly Layer[]};
  readonly url: string;
  readonly urls: readonly string[];
}

export type Layer = Readonly<Record<string, unknown>>;

const nothing = (): never => {
  throw new RequestError('was asked for something', {kind: 'network', url: 'https://maps.example/'});
};

/** Loads the map that a tag names, from a server with one answer. */
export const ask = async (
  {map, ...fields}: Partial<PlatformTag> & {readonly map?: string | undefined},
  answer?: unknown,
  server = 'https://maps.example',
): Promise<Asked> => {
  const urls: string[] = [];
  const loaded = await loadMap(
    {
      server,
      mapName: map,
      pageUrl: 'https://site.example/app/page.html',
      ...fields,
    },
    {
      request: async (asked) => {
        urls.push(asked);
        return answer === undefined ? nothing() : answer instanceof Response ? answer : Response.json(answer);
      },
      signal: new AbortController().signal,
    },
  );
  if (loaded.frame) return {document: {layers: []}, url: loaded.frame.src, urls};
  const {document, url} = loaded;
  return {document: document as Asked['document'], url, urls};
};

/** The words of what was wrong. */
export const words = (...parameters: Parameters<typeof ask>): Promise<string> =>
  ask(...parameters).then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
