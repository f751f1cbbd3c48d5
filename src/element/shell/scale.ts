import {html, nothing, type TemplateResult} from 'lit';
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

/** Making one takes longer than all the rest of the scale. */
const formats = new Map<string, Intl.NumberFormat>();

const formatOf = (language: string, unit: string): Intl.NumberFormat => {
  const key = `${language} ${unit}`;
  const format =
    formats.get(key)
    ?? new Intl.NumberFormat(canonicalLanguage(language), {style: 'unit', unit, maximumFractionDigits: 3});
  formats.set(key, format);
  return format;
};

export const scaleControl = (words: Words, map: OlMap, language: string): TemplateResult | typeof nothing => {
  const scale = measure(map);
  if (!scale) return nothing;
  const {metres, pixels} = scale;
  const [amount, unit] = metres >= 1000 ? [metres / 1000, 'kilometer'] : [metres, 'meter'];
  const text = formatOf(language, unit).format(amount);
  return html`
    <div class="scale card" part="scale" role="img" aria-label=${words.scale(text)}>
      <span aria-hidden="true">${text}</span>
      <svg aria-hidden="true" width=${pixels} height="6"><path d=${`M1 0v5h${pixels - 2}V0`} /></svg>
    </div>
  `;
};
