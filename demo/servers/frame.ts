import type {SKRSContext2D} from '@napi-rs/canvas';
import {toMercator} from './world.js';
import type {Box, Path} from './world.js';

/** A window on the world in degrees; with `mercator`, south and north are Mercator latitudes. */
export interface Window extends Box {
  readonly mercator: boolean;
  readonly width: number;
  readonly height: number;
}

/** Degrees to pixels of one picture. */
export interface Frame {
  readonly mercator: boolean;
  readonly width: number;
  readonly height: number;
  x(lon: number): number;
  /** Of a latitude that is already projected. */
  y(projected: number): number;
  yOfLatitude(lat: number): number;
}

export function createFrame({west, south, east, north, mercator, width, height}: Window): Frame {
  const y = (projected: number): number => ((north - projected) / (north - south)) * height;
  return {
    mercator,
    width,
    height,
    x: (lon) => ((lon - west) / (east - west)) * width,
    y,
    yOfLatitude: (lat) => y(mercator ? toMercator(lat) : lat),
  };
}

/** The world is drawn three times side by side, because what crosses the date line belongs to two of them. */
export const TURNS = [-360, 0, 360];

/** Adds to the current path what may be seen of the paths. False when nothing may. */
export function tracePaths(context: SKRSContext2D, frame: Frame, paths: readonly Path[], margin: number): boolean {
  let traced = false;
  for (const path of paths) {
    for (const turn of TURNS) {
      if (isOutside(path.box, turn, frame, margin)) continue;
      trace(context, frame, path, turn);
      traced = true;
    }
  }
  return traced;
}

function isOutside(box: Box, turn: number, frame: Frame, margin: number): boolean {
  return (
    frame.x(box.east + turn) < -margin
    || frame.x(box.west + turn) > frame.width + margin
    || frame.yOfLatitude(box.south) < -margin
    || frame.yOfLatitude(box.north) > frame.height + margin
  );
}

function trace(context: SKRSContext2D, frame: Frame, path: Path, turn: number): void {
  const latitudes = frame.mercator ? path.mercator : path.lat;
  for (const [index, lon] of path.lon.entries()) {
    const x = frame.x(lon + turn);
    const y = frame.y(latitudes[index] ?? 0);
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
}
