import * as v from 'valibot';
import {at, mapPath} from './address.js';
import type {Platform, PlatformSettings} from './platform.js';
import {readLayers} from './planviewer/layers.js';
import {readObject} from './read-answer.js';
import {invalid} from './wrong.js';

const PLANVIEWER = 'https://www.planviewer.nl';

const options = v.strictObject({
  /** `frame`: Planviewer's own viewer; `openlayers`: those of its layers that can be drawn, listed by the site. */
  view: v.optional(v.picklist(['frame', 'openlayers'], 'must be "frame" or "openlayers"'), 'frame'),
  /** All layers of the viewer are on when it opens (`active_layers`); `frame` only. */
  activeLayers: v.optional(v.boolean('must be true or false')),
});

type Settings = PlatformSettings<v.InferOutput<typeof options>>;

const viewerPath = (map: string): string => {
  const path = mapPath(map, '138230fe…, the identifier of the viewer');
  if (path.split('/').length === 2) return path;
  throw invalid('map', 'must be the identifier of a viewer');
};

const layersUrl = ({server, map}: Settings): string => {
  if (server.origin === PLANVIEWER)
    throw invalid(
      'server',
      'must be a proxy of the site with the view "openlayers": the list of layers needs a key that has no place in a page',
    );
  return at(server, `/maps_api/v2/server/viewers${viewerPath(map)}/layers`);
};

/**
 * Planviewer's Maps API. Its own viewer in a frame is the only documented way to show one; nothing of the page reaches
 * into that. `map` is the identifier of the viewer.
 */
export const planviewer: Platform<typeof options> = {
  needs: ['map'],
  server: PLANVIEWER,
  options,
  frame({server, map, options: {view, activeLayers}}) {
    if (view !== 'frame') return undefined;
    const url = new URL(at(server, `/maps_api/v2/embed/viewer${viewerPath(map)}`));
    if (activeLayers !== undefined) url.searchParams.set('active_layers', String(activeLayers));
    return {src: url.href};
  },
  async layers(settings, context) {
    if (settings.options.activeLayers !== undefined)
      throw invalid('platform-options.activeLayers', 'means nothing with the view "openlayers"');
    const url = layersUrl(settings);
    return readLayers(await readObject(url, context), url, context);
  },
};
