import type {GeoTIFFImage} from 'geotiff';
import {SecureMapError} from '../../credentials/errors.js';
import type {GeoTiffFile} from './open-file.js';
import type {Values} from './stretch.js';

/** A band of one of the files; they are counted from 1, through all files. */
interface Band {
  readonly file: GeoTiffFile;
  readonly sample: number;
}

/** A part of a level: left, top, right, bottom in its pixels. */
export type Window = readonly [number, number, number, number];

export interface Bands {
  /** One for each that is shown. */
  readonly read: (level: number, window: Window, signal?: AbortSignal) => Promise<Values[]>;
  /** True when the values are bytes, which need no stretching. */
  readonly areBytes: boolean;
}

const invalid = (message: string): SecureMapError => new SecureMapError('invalid-layer', message);

const white = 255;
/** Palettes, CMYK, JPEG's YCbCr, Lab: pictures whose samples are no colours yet (TIFF 6.0, PhotometricInterpretation). */
const encoded = [3, 5, 6, 8];

const photometricOf = (image: GeoTIFFImage): number =>
  Number(image.getFileDirectory().getValue('PhotometricInterpretation') ?? 1);

/** Bands of the wanted numbers; without them the first three as colours, or the first as grey. */
export const chooseBands = (files: readonly GeoTiffFile[], numbers: readonly number[] | undefined): Bands => {
  const all: readonly Band[] = files.flatMap((file) =>
    Array.from({length: file.levels[0]?.getSamplesPerPixel() ?? 0}, (_, sample) => ({file, sample})),
  );
  const [first] = files;
  const full = first?.levels[0];
  if (numbers === undefined && files.length === 1 && full && encoded.includes(photometricOf(full))) {
    return {
      areBytes: true,
      async read(level, window, signal) {
        const image = first.levels[level];
        const pixels = await image?.readRGB({window: [...window], interleave: false, ...(signal ? {signal} : {})});
        return Array.from((pixels ?? []) as ArrayLike<Values>);
      },
    };
  }
  const chosen = (numbers ?? (all.length >= 3 ? [1, 2, 3] : [1])).map((number) => {
    const band = all[number - 1];
    if (band) return band;
    throw invalid(`There is no band ${number} in the file: "bands" may be 1 to ${all.length}.`);
  });
  const isByte = ({file: {levels}}: Band): boolean =>
    levels[0]?.getBitsPerSample() === 8 && levels[0].getSampleFormat() === 1;
  return {
    areBytes: chosen.every(isByte),
    read: async (level, window, signal) =>
      (
        await Promise.all(
          files.map(async (file) => {
            const own = chosen.filter((band) => band.file === file);
            if (own.length === 0) return [];
            const image = file.levels[level];
            const samples = [...new Set(own.map(({sample}) => sample))];
            const read = await image?.readRasters({
              window: [...window],
              samples,
              fillValue: file.nodata ?? 0,
              ...(signal ? {signal} : {}),
            });
            const values = (read ?? []) as ArrayLike<Values>;
            return own.map((band) => ({band, values: values[samples.indexOf(band.sample)] ?? []}));
          }),
        )
      )
        .flat()
        .toSorted((a, b) => chosen.indexOf(a.band) - chosen.indexOf(b.band))
        .map(({values}) => values),
  };
};

export const byteStretch = {min: 0, max: white};
