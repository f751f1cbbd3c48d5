import {getCenter} from 'ol/extent.js';

/**
 * As much of a polygon as the view and the box that zooms need, without the rest of ol's geometries, which come with the
 * first layer that has some.
 */
export default class Ring {
  constructor(coordinates) {
    this.setCoordinates(coordinates);
  }

  setCoordinates([ring]) {
    this.ring_ = ring.map(([x, y]) => [x, y]);
  }

  getCoordinates() {
    return [this.ring_];
  }

  getType() {
    return 'Polygon';
  }

  getStride() {
    return 2;
  }

  getFlatCoordinates() {
    return this.ring_.flat();
  }

  getExtent() {
    const xs = this.ring_.map(([x]) => x);
    const ys = this.ring_.map(([, y]) => y);
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  clone() {
    return new Ring([this.ring_]);
  }

  scale(factor) {
    const [cx, cy] = getCenter(this.getExtent());
    this.ring_ = this.ring_.map(([x, y]) => [cx + factor * (x - cx), cy + factor * (y - cy)]);
  }

  rotate(angle, [ax, ay]) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.ring_ = this.ring_.map(([x, y]) => [
      ax + (x - ax) * cos - (y - ay) * sin,
      ay + (x - ax) * sin + (y - ay) * cos,
    ]);
  }
}

export const fromExtent = ([west, south, east, north]) =>
  new Ring([
    [
      [west, south],
      [west, north],
      [east, north],
      [east, south],
      [west, south],
    ],
  ]);
