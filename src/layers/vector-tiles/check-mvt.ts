/** Reads Protocol Buffers without going beyond their end, which a parser in a hurry does. */
class Cursor {
  readonly #bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.isAtEnd) throw new Cut();
      const byte = this.#bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Wrong('it has a number of more than ten bytes');
  }

  skip(length: number): void {
    if (!(this.at + length <= this.end)) throw new Cut();
    this.at += length;
  }

  message(): Cursor {
    const length = this.varint();
    const start = this.at;
    this.skip(length);
    return new Cursor(this.#bytes, start, this.at);
  }

  /** Hands the fields to `visit`, which says whether it has read the value; the rest is skipped. */
  fields(visit: (field: number, wire: number) => boolean): void {
    while (!this.isAtEnd) {
      const tag = this.varint();
      const wire = tag % 8;
      if (visit(Math.floor(tag / 8), wire)) continue;
      if (wire === 0) this.varint();
      else if (wire === 1) this.skip(8);
      else if (wire === 2) this.message();
      else if (wire === 5) this.skip(4);
      else throw new Wrong('it is no Protocol Buffer');
    }
  }
}

class Cut extends Error {}
class Wrong extends Error {}

/** Version 1 differs in what it promises of polygons only, and is what older servers send (Vector Tile Specification 2.1, 4.1). */
const readable = [1, 2];

const moveTo = 1;
const lineTo = 2;
const closePath = 7;

/** A command that says how often it is to be done, and does not take as many bytes, could go on for minutes. */
const checkGeometry = (geometry: Cursor): void => {
  while (!geometry.isAtEnd) {
    const command = geometry.varint();
    const id = command % 8;
    const count = Math.floor(command / 8);
    if (id === closePath && count === 1) continue;
    if (id !== moveTo && id !== lineTo) throw new Wrong('it has a geometry with an unknown command');
    for (let parameter = 0; parameter < count * 2; parameter += 1) geometry.varint();
  }
};

const checkFeature = (feature: Cursor): void =>
  feature.fields((field, wire) => {
    if (field !== 4) return false;
    if (wire !== 2) throw new Wrong('it has a geometry that is no list');
    checkGeometry(feature.message());
    return true;
  });

const checkLayer = (layer: Cursor): void => {
  let version = 1;
  let isNamed = false;
  layer.fields((field, wire) => {
    if (field === 1) isNamed = wire === 2;
    if (field === 15 && wire === 0) {
      version = layer.varint();
      return true;
    }
    if (field !== 2 || wire !== 2) return false;
    checkFeature(layer.message());
    return true;
  });
  if (!readable.includes(version))
    throw new Wrong(`it is of version ${version}; those of version ${readable.join(' and ')} can be shown`);
  if (!isNamed) throw new Wrong('it has a layer without a name');
};

/** What is wrong with a Mapbox Vector Tile, as the end of a sentence; `undefined` when nothing is. */
export const mvtProblem = (bytes: Uint8Array): string | undefined => {
  const tile = new Cursor(bytes, 0, bytes.length);
  try {
    tile.fields((field, wire) => {
      if (field !== 3) return false;
      if (wire !== 2) throw new Wrong('it is no vector tile');
      checkLayer(tile.message());
      return true;
    });
  } catch (error) {
    if (error instanceof Cut) return 'it is cut short';
    if (error instanceof Wrong) return error.message;
    throw error;
  }
  return undefined;
};
