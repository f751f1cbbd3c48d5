import type {PlatformFrame} from '../platforms/platform.js';
import type {Viewer} from './viewer.js';
import type {ViewerHost} from './viewer-host.js';

/** Puts a page of a platform in the place of the map; or takes it away. */
export const showFrame = async (viewer: Viewer, host: ViewerHost, frame: PlatformFrame | undefined): Promise<void> => {
  const {src, signInUrl} = viewer.frame ?? {};
  if (frame?.src === src) return;
  viewer.frame = frame && new (await import('./frame-controller.js')).FrameController(host, viewer.auth, frame);
  host.requestUpdate();
  if (viewer.frame?.signInUrl === signInUrl) return;
  // Where the visitor signs in has changed, and with it the session of the tag.
  host.requestUpdate('embed', '');
  await host.updateComplete;
  viewer.auth.probe();
};
