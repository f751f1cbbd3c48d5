import type {FlatStyleLike} from 'ol/style/flat.js';
import * as v from 'valibot';
import {SecureMapError} from '../../credentials/errors.js';

const message = 'must be a flat style (an object like {"fill-color": "red"}), or a list of them or of rules';
const properties = v.record(v.string(), v.unknown(), message);

/** Which properties there are, and of what types, is ol's to say when the layer is made. */
export const flatStyle = v.union([properties, v.array(properties)], message);

/** The properties of a style, and those of the `style` of each of its rules. */
const refuseImageUrls = (style: unknown): void => {
  const parts = [style];
  // A config that is handed over as an object may hold itself.
  const seen = new Set<unknown>();
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (seen.has(part)) continue;
    seen.add(part);
    if (Array.isArray(part)) for (const each of part as readonly unknown[]) parts.push(each ?? {});
    else if (typeof part === 'object' && part !== null)
      for (const [name, value] of Object.entries(part)) {
        if (name === 'style') parts.push(value ?? {});
        else if (name.endsWith('-src') && !(typeof value === 'string' && /^data:image\//i.test(value)))
          throw new SecureMapError(
            'invalid-layer',
            `"${name.slice(0, 60)}" in the "style" of the layer must be an image in the configuration itself ("data:image/…"): an address would be asked past the map's own requests`,
          );
      }
  }
};

/** `ol` would load the images of a style itself, past the request of the map, so there may be no address in it. */
export const toFlatStyle = (style: v.InferOutput<typeof flatStyle>): FlatStyleLike => {
  refuseImageUrls(style);
  // ol's type has some two hundred optional properties; ol itself checks them.
  return style as FlatStyleLike;
};
