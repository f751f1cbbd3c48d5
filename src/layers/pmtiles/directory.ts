import {readVarint, type Entry} from 'pmtiles';

/** What a map can make use of: the archives of the whole world have directories of some ten thousand entries. */
const mostEntries = 1_000_000;

/** The entries of a directory (PMTiles 3, §4.2). Throws where it is cut short or says what cannot be. */
export const readDirectory = (buf: Uint8Array): Entry[] => {
  const at = {buf, pos: 0};
  const next = (): number => {
    if (at.pos >= buf.length) throw new RangeError('it is cut short');
    return readVarint(at);
  };
  const count = next();
  // Each entry takes four bytes at least.
  if (count === 0 || count > mostEntries || count * 4 > buf.length)
    throw new RangeError(`it says to have ${count} entries`);
  const column = (): number[] => Array.from({length: count}, next);
  const [steps, runLengths, lengths, offsets] = [column(), column(), column(), column()];
  const entries: Entry[] = [];
  let tileId = 0;
  for (const [i, step] of steps.entries()) {
    tileId += step;
    const length = lengths[i] ?? 0;
    const before = entries[i - 1];
    const told = offsets[i] ?? 0;
    // 0 means: right after the one before.
    if (told === 0 && !before) throw new RangeError('its first entry has no place');
    const offset = told === 0 && before ? before.offset + before.length : told - 1;
    entries.push({tileId, offset, length, runLength: runLengths[i] ?? 0});
  }
  return entries;
};
