import type {FlatStyleLike} from 'ol/style/flat.js';
import {SecureMapError} from '../../credentials/errors.js';
import type {AnyStyle} from './flat-style.js';

const isHttp = (value: string): boolean =>
  /^https?:$/.test(URL.parse(value, 'https://relative.example/')?.protocol ?? '');

/** The address of an icon that has to be loaded. */
export const isIconAddress = (value: unknown): value is string => typeof value === 'string' && isHttp(value);

/** The properties of a style, and those of the `style` of each of its rules. */
const refuseImageUrls = (style: unknown, mayLoadIcons: boolean): void => {
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
        else if (name === 'icon-src' && mayLoadIcons && isIconAddress(value)) continue;
        else if (name.endsWith('-src') && !(typeof value === 'string' && /^data:image\//i.test(value)))
          throw new SecureMapError(
            'invalid-layer',
            `"${name.slice(0, 60)}" in the "style" of the layer must be an image in the configuration itself ("data:image/…"): an address would be asked past the map's own requests`,
          );
      }
  }
};

/** Only the addresses of icons may be in it, for those are loaded before `ol` sees them. */
export const checkImageUrls = (style: AnyStyle): void => refuseImageUrls(style, true);

/** `ol` would load the images of a style itself, past the request of the map, so there may be no address in it. */
export const toFlatStyle = (style: AnyStyle): FlatStyleLike => {
  refuseImageUrls(style, false);
  // ol's type has some two hundred optional properties; ol itself checks them.
  return style as FlatStyleLike;
};
