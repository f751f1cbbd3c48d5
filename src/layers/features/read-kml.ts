import type Feature from 'ol/Feature.js';
import KML from 'ol/format/KML.js';
import type Projection from 'ol/proj/Projection.js';
import Icon from 'ol/style/Icon.js';
import type Style from 'ol/style/Style.js';
import type {IconKeeper} from '../vector/keep-icons.js';
import {plainLook} from '../vector/plain-look.js';

/** The addresses of the icons in a document, as they are written there. */
export const iconAddresses = (document: Document): readonly string[] => {
  const icons = [...document.getElementsByTagNameNS('*', 'IconStyle')];
  const addresses = icons.flatMap((style) => [...style.getElementsByTagNameNS('*', 'href')]);
  return [...new Set(addresses.map(({textContent}) => textContent.trim()).filter(Boolean))];
};

/** ol puts a pushpin of somebody else's server where a document has no icon: it would be asked for past the map. */
const withoutStrangers = (style: Style, icons: IconKeeper, [plain]: readonly Style[]): Style => {
  const image = style.getImage();
  if (!(image instanceof Icon)) return style;
  if (icons.restore(image)) return style;
  const disc = plain?.getImage();
  if (disc) style.setImage(disc);
  return style;
};

/** The features of a KML document with the looks that it gives them, and with those icons only that were loaded. */
export const readKml = (
  document: Document,
  projection: Projection,
  icons: IconKeeper,
  hasLooks: boolean,
): Feature[] => {
  const base = {defaultStyle: plainLook(), extractStyles: hasLooks};
  const format = new KML({...base, iconUrlFunction: (href) => icons.nameOf(href.trim()) ?? 'secure-map-icon:none'});
  const features = format.readFeatures(document, {featureProjection: projection});
  for (const feature of features) {
    const own = feature.getStyleFunction();
    if (!own) continue;
    const seen = new WeakMap<Style, Style>();
    const clean = (style: Style): Style => {
      const known = seen.get(style) ?? withoutStrangers(style.clone(), icons, plainLook());
      seen.set(style, known);
      return known;
    };
    feature.setStyle((...at) => [own(...at) ?? []].flat().map(clean));
  }
  return features;
};
