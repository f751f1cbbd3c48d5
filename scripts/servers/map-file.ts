import {land, sea} from './colours.js';

/** The parts of the map file that are the same again and again. */
const landClasses = land
  .map(
    (colour, tint) => `    CLASS
      EXPRESSION "${tint}"
      STYLE
        COLOR ${colour.join(' ')}
        OUTLINECOLOR 191 177 157
        WIDTH 0.7
      END
    END`,
  )
  .join('\n');

/** From how many degrees of width and down to which scale a country is named, so that its name fits into it. */
const nameClasses = [
  {room: 12, scale: 80_000_000, size: 10.5},
  {room: 7, scale: 40_000_000, size: 9.5},
  {room: 4, scale: 20_000_000, size: 9},
  {room: 0, scale: 5_000_000, size: 8.5},
]
  .map(
    ({room, scale, size}) => `    CLASS
      EXPRESSION ([room] > ${room})
      MAXSCALEDENOM ${scale}
      LABEL
        COLOR 101 93 83
        OUTLINECOLOR 255 252 244
        OUTLINEWIDTH 2
        SIZE ${size}
        POSITION CC
        PRIORITY 10
        PARTIALS FALSE
      END
    END`,
  )
  .join('\n');

/** What stands in the place of `{{sea}}`, `{{land}}` and `{{names}}`. */
export const mapFileValues = {sea: sea.join(' '), land: landClasses, names: nameClasses};
