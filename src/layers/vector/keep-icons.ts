import ImageState from 'ol/ImageState.js';
import type Icon from 'ol/style/Icon.js';
import IconImage from 'ol/style/IconImage.js';
import {shared} from 'ol/style/IconImageCache.js';

type Colour = string | number[] | null;

// What nobody listens to ol forgets when it has many; it would then look for the name on the network.
const ignore = (): void => undefined;

/** Icons that were loaded with the credential, where ol finds them. */
export interface IconKeeper {
  /** What ol is to be told in the place of the address; `undefined` for an address that was not loaded. */
  nameOf(address: string): string | undefined;
  /** Makes the icon known, in a colour if the style has one for it. */
  keep(address: string, bitmap: ImageBitmap, colour?: Colour): void;
  /** Gives an icon of ol its image, whatever its colour. `false` for one that is none of these. */
  restore(icon: Icon): boolean;
  dispose(): void;
}

/**
 * ol has one cache of icons for all maps of a page, by address: one visitor would see what another one may. So each
 * image gets a name of its own there, which nobody else can know or ask for.
 */
export const keepIcons = (): IconKeeper => {
  const kept = new Map<string, {readonly name: string; readonly bitmap: ImageBitmap}>();
  const given: IconImage[] = [];
  let isDisposed = false;
  const give = (name: string, bitmap: ImageBitmap, colour: Colour): void => {
    const icon = new IconImage(bitmap, name, {crossOrigin: null}, ImageState.LOADED, colour);
    icon.addEventListener('change', ignore);
    given.push(icon);
    shared.set(name, colour, icon);
  };
  return {
    nameOf: (address) => kept.get(address)?.name,
    keep(address, bitmap, colour = null) {
      // Came too late.
      if (isDisposed) return bitmap.close();
      const {name} = kept.get(address) ?? {name: `secure-map-icon:${crypto.randomUUID()}`};
      kept.set(address, {name, bitmap});
      give(name, bitmap, colour);
    },
    restore(icon) {
      const found = [...kept.values()].find(({name}) => name === icon.getSrc());
      const colour = icon.getColor();
      if (!found) return false;
      if (colour) {
        give(found.name, found.bitmap, [...colour]);
        // Looks it up anew, which it does for a new colour only.
        icon.setColor(null);
        icon.setColor(colour);
      }
      return true;
    },
    dispose() {
      isDisposed = true;
      for (const {bitmap} of kept.values()) bitmap.close();
      for (const icon of given.splice(0)) icon.removeEventListener('change', ignore);
      kept.clear();
    },
  };
};
