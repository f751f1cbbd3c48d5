/** What the map servers draw with, as red, green and blue. */
export type Colour = readonly [red: number, green: number, blue: number];

export const sea: Colour = [201, 223, 232];

/** One for each tint: neighbours never share one. */
export const land: readonly Colour[] = [
  [245, 239, 223],
  [233, 239, 216],
  [248, 232, 216],
  [226, 237, 226],
  [244, 230, 201],
  [241, 229, 230],
];
