import type {ReactiveController, ReactiveControllerHost} from 'lit';
import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import {fromLonLat, get as getProjection, toLonLat, transform, transformExtent} from 'ol/proj.js';
import {SecureMapError} from '../credentials/errors.js';
import type {ViewState} from './events.js';

/** Everything that can be said about the view, in degrees; what is absent keeps its default. */
export interface ViewSettings {
  readonly projection?: string | undefined;
  readonly center?: readonly number[] | undefined;
  readonly zoom?: number | undefined;
  readonly rotation?: number | undefined;
  readonly extent?: readonly number[] | undefined;
}

const LON_LAT = 'EPSG:4326';

const known = (name: string, field: string): string => {
  if (getProjection(name)) return name;
  throw new SecureMapError(
    'invalid-config',
    `${field}: the projection "${name}" is not known. Allowed: EPSG:3857, EPSG:4326.`,
  );
};

/** A config may give its coordinates in another system; throws when that is not known. */
export const toDegrees = ({
  crs,
  center,
  extent,
  ...rest
}: ViewSettings & {readonly crs?: string | undefined}): ViewSettings => {
  const given = known(crs ?? LON_LAT, 'view.crs');
  return {
    ...rest,
    ...(center ? {center: transform([...center], given, LON_LAT)} : {}),
    ...(extent ? {extent: transformExtent([...extent], given, LON_LAT)} : {}),
  };
};

/** Owns the `ol/Map`: one for the life of the element, put to rest while it is out of the document. */
export class MapController implements ReactiveController {
  readonly map = new OlMap({controls: [], layers: [], view: new View({center: [0, 0], zoom: 1})});
  #zoomingTo: number | undefined;
  readonly #onMove: (view: ViewState) => void;

  constructor(host: ReactiveControllerHost, onMove: (view: ViewState) => void) {
    this.#onMove = onMove;
    this.map.on('moveend', () => this.#onMove(this.view));
    host.addController(this);
  }

  hostDisconnected(): void {
    this.map.setTarget(undefined);
  }

  get view(): ViewState {
    const view = this.map.getView();
    const [lon = 0, lat = 0] = toLonLat(view.getCenter() ?? [0, 0], view.getProjection());
    return {center: [lon, lat], zoom: view.getZoom() ?? 0, rotation: view.getRotation()};
  }

  get projection(): string {
    return this.map.getView().getProjection().getCode();
  }

  /** Begins with a new view. Throws when a projection is not known; the view before stays then. */
  setView({projection = 'EPSG:3857', center, zoom, rotation, extent}: ViewSettings): void {
    const target = known(projection, 'view.projection');
    const limits = extent ? {extent: transformExtent([...extent], LON_LAT, target)} : {};
    const view = new View({
      projection: target,
      center: fromLonLat([...(center ?? [0, 0])], target),
      zoom: zoom ?? 1,
      rotation: rotation ?? 0,
      showFullExtent: true,
      ...limits,
    });
    this.map.setView(view);
    if (limits.extent && !center) view.fit(limits.extent, {size: this.map.getSize() ?? [800, 600]});
    if (zoom !== undefined) view.setZoom(zoom);
  }

  /** Moves where the visitor was before, without touching anything else. */
  restore({center, zoom, rotation}: ViewState): void {
    const view = this.map.getView();
    view.setCenter(fromLonLat([...center], view.getProjection()));
    view.setZoom(zoom);
    view.setRotation(rotation);
  }

  zoomBy(delta: number, duration: number): void {
    const view = this.map.getView();
    const zoom = view.getZoom();
    if (zoom === undefined) return;
    // A second press counts from where the first one leads, not from where the map is on the way there.
    const from = view.getAnimating() ? (this.#zoomingTo ?? zoom) : zoom;
    const target = view.getConstrainedZoom(from + delta) ?? zoom;
    view.cancelAnimations();
    this.#zoomingTo = target;
    view.animate({zoom: target, duration});
  }
}
