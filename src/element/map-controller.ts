import type {ReactiveController, ReactiveControllerHost} from 'lit';
import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import {buffer, getCenter, getIntersection, isEmpty, type Extent} from 'ol/extent.js';
import type Projection from 'ol/proj/Projection.js';
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
/** Points of each edge of an extent, which is a curve in the other projection. */
const STOPS = 8;

/** Beyond it a projection of a part of the world has no sensible values. */
const MARGIN = 5;

const outside = (field: string, projection: string): SecureMapError =>
  new SecureMapError('invalid-config', `${field}: is outside of what the projection ${projection} can show.`);

const checked = (numbers: readonly number[], field: string, projection: string): number[] => {
  if (numbers.every(Number.isFinite)) return [...numbers];
  throw outside(field, projection);
};

/** What is given in another system; `crs` has to be known to ol by then. */
export const toDegrees = ({center, extent, ...rest}: ViewSettings, crs: string): ViewSettings => ({
  ...rest,
  ...(center ? {center: checked(transform([...center], crs, LON_LAT), 'view.center', crs)} : {}),
  ...(extent ? {extent: checked(transformExtent([...extent], crs, LON_LAT, STOPS), 'view.extent', crs)} : {}),
});

/** The extent in the projection, without what is far outside of where that holds. */
const limitsOf = (extent: readonly number[], projection: Projection): Extent => {
  const area = projection.getWorldExtent();
  const margin = projection.isGlobal() ? 0 : MARGIN;
  const shown = area ? getIntersection([...extent], buffer(area, margin)) : [...extent];
  if (isEmpty(shown)) throw outside('view.extent', projection.getCode());
  return checked(transformExtent(shown, LON_LAT, projection, STOPS), 'view.extent', projection.getCode());
};

/** Where a map begins that was told nothing: in the middle. */
const middleOf = (projection: Projection): number[] => {
  const extent = projection.isGlobal() ? undefined : projection.getExtent();
  return extent ? getCenter(extent) : fromLonLat([0, 0], projection);
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

  /** Begins with a new view. Throws when it cannot be shown in the projection; the view before stays then. */
  setView({projection = 'EPSG:3857', center, zoom, rotation, extent}: ViewSettings): void {
    const target = getProjection(projection);
    if (!target) throw new TypeError(`${projection} is not loaded.`);
    const limits = extent ? {extent: limitsOf(extent, target)} : {};
    const view = new View({
      projection: target,
      center: center ? checked(fromLonLat([...center], target), 'view.center', projection) : middleOf(target),
      zoom: zoom ?? (target.isGlobal() ? 1 : 0),
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
