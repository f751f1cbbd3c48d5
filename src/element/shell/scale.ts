import {html, nothing, type TemplateResult} from 'lit';
import {guard} from 'lit/directives/guard.js';
import type OlMap from 'ol/Map.js';
import {getPointResolution} from 'ol/proj.js';
import {canonicalLanguage, type Words} from '../words/words.js';

const WIDEST = 110;

/** The longest round distance that fits: 1, 2 or 5 times a power of ten, in metres. */
const roundDown = (metres: number): number => {
  const power = 10 ** Math.floor(Math.log10(metres));
  const step = [5, 2, 1].find((factor) => factor * power <= metres) ?? 1;
  return step * power;
};

/** The length of a round distance in the middle of the map, where it is right. */
const measure = (map: OlMap): {readonly metres: number; readonly pixels: number} | undefined => {
  const view = map.getView();
  const center = view.getCenter();
  const resolution = view.getResolution();
  if (!center || !resolution) return undefined;
  const metresPerPixel = getPointResolution(view.getProjection(), resolution, center, 'm');
  if (!(metresPerPixel > 0)) return undefined;
  const metres = roundDown(metresPerPixel * WIDEST);
  return {metres, pixels: Math.round(metres / metresPerPixel)};
};

const draw = (words: Words, metres: number, pixels: number, language: string): TemplateResult => {
  const [amount, unit] = metres >= 1000 ? [metres / 1000, 'kilometer'] : [metres, 'meter'];
  const text = new Intl.NumberFormat(canonicalLanguage(language), {
    style: 'unit',
    unit,
    maximumFractionDigits: 3,
  }).format(amount);
  return html`
    <div class="scale card" part="scale" role="img" aria-label=${words.scale(text)}>
      <span aria-hidden="true">${text}</span>
      <svg aria-hidden="true" width=${pixels} height="6"><path d=${`M1 0v5h${pixels - 2}V0`} /></svg>
    </div>
  `;
};

/** Drawn anew only when it says something else: to make the format takes longer than all the rest of the shell. */
export const scaleControl = (words: Words, map: OlMap, language: string): unknown => {
  const {metres, pixels} = measure(map) ?? {};
  if (metres === undefined || pixels === undefined) return nothing;
  return guard([words, metres, pixels, language], () => draw(words, metres, pixels, language));
};
