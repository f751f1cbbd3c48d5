import {createCanvas} from '@napi-rs/canvas';
import type {Canvas, SKRSContext2D} from '@napi-rs/canvas';
import type {Country, World} from './world.js';
import {createFrame, tracePaths, TURNS} from './frame.js';
import type {Frame, Window} from './frame.js';

const SEA = '#c9dfe8';
const LAND = ['#f5efdf', '#e9efd8', '#f8e8d8', '#e2ede2', '#f4e6c9', '#f1e5e6'];
const COAST = '#7fa9ba';
const BORDER = '#bfb19d';
const GRID = 'rgba(60, 115, 138, 0.15)';
const NAME = '#655d53';
const FONT = '"Liberation Sans", "Helvetica Neue", Arial, sans-serif';

/** The protected data: drawn in a colour of its own, so that one sees it come and go. */
const BOUNDARY = '#a2336d';
const FILLS = ['#7b5ea7', '#3d8f8b', '#c1713b', '#4d7fc4', '#a3486a', '#7d8f35'];

/** Skia clips; what lies this far outside a picture is not even handed over. */
const MARGIN = 160;

export function drawBaseMap(world: World, window: Window): Canvas {
  const {canvas, context, frame} = open(window);
  context.fillStyle = SEA;
  context.fillRect(0, 0, window.width, window.height);
  drawCountries(context, frame, world, (country) => LAND[country.tint] ?? SEA);
  stroke(context, BORDER, 1, () => tracePaths(context, frame, world.borders, MARGIN));
  stroke(context, COAST, 1, () => tracePaths(context, frame, world.coasts, MARGIN));
  drawGrid(context, frame, window);
  drawNames(context, frame, world);
  return canvas;
}

export function drawBoundaries(world: World, window: Window, background?: string): Canvas {
  const {canvas, context, frame} = open(window, background);
  stroke(context, 'rgba(255, 255, 255, 0.75)', 3.5, () => tracePaths(context, frame, world.borders, MARGIN));
  context.setLineDash([7, 3, 1.5, 3]);
  stroke(context, BOUNDARY, 1.6, () => tracePaths(context, frame, world.borders, MARGIN));
  return canvas;
}

export function drawCountryFills(world: World, window: Window, background?: string): Canvas {
  const {canvas, context, frame} = open(window, background);
  drawCountries(context, frame, world, (country) => FILLS[country.tint] ?? BOUNDARY);
  return canvas;
}

export function drawLegend(layer: 'boundaries' | 'countries', title: string): Canvas {
  const canvas = createCanvas(150, 24);
  const context = canvas.getContext('2d');
  if (layer === 'countries') {
    for (const [index, fill] of FILLS.entries()) {
      context.fillStyle = fill;
      context.fillRect(4 + index * 4, 6, 4, 12);
    }
  } else {
    context.setLineDash([7, 3, 1.5, 3]);
    stroke(context, BOUNDARY, 2, () => {
      context.moveTo(4, 12);
      context.lineTo(28, 12);
    });
  }
  context.font = `13px ${FONT}`;
  context.textBaseline = 'middle';
  // Readable on light and dark grounds alike: a legend is transparent.
  context.lineWidth = 3;
  context.strokeStyle = 'rgba(255, 255, 255, 0.9)';
  context.setLineDash([]);
  context.strokeText(title, 36, 12.5);
  context.fillStyle = '#2f2a26';
  context.fillText(title, 36, 12.5);
  return canvas;
}

function open(window: Window, background?: string): {canvas: Canvas; context: SKRSContext2D; frame: Frame} {
  const canvas = createCanvas(window.width, window.height);
  const context = canvas.getContext('2d');
  context.lineJoin = 'round';
  context.lineCap = 'round';
  if (background !== undefined) {
    context.fillStyle = background;
    context.fillRect(0, 0, window.width, window.height);
  }
  return {canvas, context, frame: createFrame(window)};
}

function drawCountries(context: SKRSContext2D, frame: Frame, world: World, colour: (country: Country) => string): void {
  for (const country of world.countries) {
    context.beginPath();
    if (!tracePaths(context, frame, country.rings, MARGIN)) continue;
    context.fillStyle = colour(country);
    context.fill('evenodd');
  }
}

function drawGrid(context: SKRSContext2D, frame: Frame, {west, east, width}: Window): void {
  const perPixel = (east - west) / width;
  const step = [1, 2, 5, 10, 30].find((degrees) => degrees / perPixel > 90) ?? 30;
  stroke(context, GRID, 1, () => {
    for (let lon = -180; lon <= 180; lon += step) {
      const x = Math.round(frame.x(lon)) + 0.5;
      context.moveTo(x, -MARGIN);
      context.lineTo(x, frame.height + MARGIN);
    }
    for (let lat = -90 + step; lat < 90; lat += step) {
      const y = Math.round(frame.yOfLatitude(lat)) + 0.5;
      context.moveTo(-MARGIN, y);
      context.lineTo(frame.width + MARGIN, y);
    }
  });
}

/** A name is written where it fits into its country: then no two collide, and tiles agree without knowing each other. */
function drawNames(context: SKRSContext2D, frame: Frame, world: World): void {
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 3;
  context.strokeStyle = 'rgba(255, 252, 244, 0.85)';
  context.fillStyle = NAME;
  for (const {name, label} of world.countries) {
    const room = frame.x(label.box.east) - frame.x(label.box.west);
    if (room < 40) continue;
    context.font = `600 ${Math.round(Math.min(11 + room / 120, 19))}px ${FONT}`;
    if (context.measureText(name).width > room * 0.8) continue;
    const y = Math.round(frame.yOfLatitude(label.lat));
    for (const turn of TURNS) {
      const x = Math.round(frame.x(label.lon + turn));
      context.strokeText(name, x, y);
      context.fillText(name, x, y);
    }
  }
}

function stroke(context: SKRSContext2D, colour: string, width: number, trace: () => void): void {
  context.beginPath();
  trace();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}
