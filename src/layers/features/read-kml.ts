import type Feature from 'ol/Feature.js';
import KML from 'ol/format/KML.js';
import type Projection from 'ol/proj/Projection.js';
import Icon from 'ol/style/Icon.js';
import type Style from 'ol/style/Style.js';
import {htmlText} from '../feature-info/html-text.js';
import type {IconKeeper} from '../vector/keep-icons.js';
import {plainLook} from '../vector/plain-look.js';

const none = 'secure-map-icon:none';

const iconElements = (document: Document): readonly Element[] =>
  [...document.getElementsByTagNameNS('*', 'IconStyle')].flatMap((style) => [
    ...style.getElementsByTagNameNS('*', 'href'),
  ]);

const addressIn = ({textContent}: Element): string => textContent?.trim() ?? '';

/** The addresses of the icons in a document, as they are written there. */
export const iconAddresses = (document: Document): readonly string[] => [
  ...new Set(iconElements(document).map(addressIn).filter(Boolean)),
];

const reference = /&[^&]+;/;

/** ol reads such names by a sink of HTML, which a page with Trusted Types refuses; here they are text before. */
const decodeName = (element: Element): void => {
  const name = element.textContent ?? '';
  if (!reference.test(name)) return;
  const text = htmlText(name);
  element.textContent = reference.test(text) ? text.replaceAll('&', '\uFF06') : text;
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
  // ol would take relative addresses for those of the page.
  for (const element of iconElements(document)) element.textContent = icons.nameOf(addressIn(element)) ?? none;
  for (const element of document.getElementsByTagNameNS('*', 'name')) decodeName(element);
  const format = new KML({
    defaultStyle: plainLook(),
    extractStyles: hasLooks,
    iconUrlFunction: (name) => (name.startsWith('secure-map-icon:') ? name : none),
  });
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
