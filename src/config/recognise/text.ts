const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
};
const longestTitle = 200;
const longestAttribution = 1000;

const decode = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,6})|#x([\da-f]{1,5})|(\w{2,6}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return entities[name.toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
    },
  );

/** Names come from documents of others: text, whatever markup has been put into them. */
export const plainText = (value: unknown, longest = longestTitle): string | undefined => {
  if (typeof value !== 'string') return undefined;
  const text = decode(value.slice(0, 20 * longest).replace(/<[^<>]*>/g, ' '))
    // What was escaped twice is markup only now.
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text || undefined;
};

/** Text with its links, which the map shows as text and links. What is too long for that loses its links. */
export const attributionOf = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return value.length <= longestAttribution ? value : plainText(value, longestAttribution);
};

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** A name with the page that it stands for, where there is one. */
export const linked = (name: string | undefined, href: string | null | undefined): string | undefined => {
  const url = href ? URL.parse(href) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return name === undefined ? undefined : attributionOf(escaped(name));
  return attributionOf(`<a href="${escaped(url.href)}">${escaped(name ?? url.hostname)}</a>`);
};
