/** Elements by their local names: the same in every version of a document, with a prefix or without. */
export const children = (element: Element | undefined, name: string): readonly Element[] =>
  element ? [...element.children].filter(({localName}) => localName === name) : [];

/** The first at the end of a path of names. */
export const find = (element: Element | undefined, ...path: readonly string[]): Element | undefined =>
  path.reduce<Element | undefined>((at, name) => children(at, name)[0], element);

export const textOf = (element: Element | undefined): string | undefined => element?.textContent?.trim() || undefined;

/** `xlink:href`, by whatever prefix. */
export const hrefOf = (element: Element | undefined): string | undefined =>
  element?.getAttributeNS('http://www.w3.org/1999/xlink', 'href') ?? element?.getAttribute('href') ?? undefined;
