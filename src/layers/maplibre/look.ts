import {stylefunction} from 'ol-mapbox-style';
import type VectorLayer from 'ol/layer/Vector.js';
import type VectorTileLayer from 'ol/layer/VectorTile.js';
import Icon from 'ol/style/Icon.js';
import type {StyleFunction} from 'ol/style/Style.js';
import {Patterns} from './patterns.js';
import type {Sprite} from './sprite.js';
import type {StyleDocument} from './style-document.js';

/** What the layers of tiles are told apart by. */
export const layerName = 'mvt:layer';

/** Gives a layer the look that some layers of a style describe, all of one source. */
export const applyLook = (
  layer: VectorLayer | VectorTileLayer,
  style: StyleDocument,
  ids: readonly string[],
  sprite: Sprite,
): void => {
  const patterns = new Patterns(sprite);
  const own = {...style, layers: patterns.withColours(style.layers)};
  const ratios = new Map<unknown, number>();
  const scaled = new WeakSet<Icon>();
  const compiled: StyleFunction = stylefunction(
    layer,
    own,
    [...ids],
    undefined,
    undefined,
    undefined,
    // The fonts of the page: others would be asked of a host that nobody named.
    (fonts) => fonts,
    (_layer, name) => {
      const icon = sprite.icon(name);
      if (icon) ratios.set(icon.canvas, icon.pixelRatio);
      return icon?.canvas;
    },
  );
  layer.setStyle((feature, resolution) => {
    const styles = [compiled(feature, resolution) ?? []].flat();
    for (const each of styles) {
      patterns.apply(each);
      const image = each.getImage();
      if (!(image instanceof Icon) || scaled.has(image)) continue;
      scaled.add(image);
      // The library takes a pixel of an image that it is handed for a CSS pixel.
      const ratio = ratios.get(image.getImage(1)) ?? 1;
      if (ratio !== 1) image.setScale(Number(image.getScale()) / ratio);
    }
    return styles;
  });
};
