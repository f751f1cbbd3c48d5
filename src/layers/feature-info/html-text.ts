const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  deg: '°',
  euro: '€',
};

const decode = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{2,8}));/g, (whole, decimal, hex, name) => {
    if (name) return named[String(name)] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
  });

/** Elements whose content is not to be read, and those that stand on lines of their own. */
const hidden = new Set(['script', 'style', 'head', 'title', 'template', 'noscript']);
const lines = /^\/?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|tr|table|caption|h[1-6]|section|article|pre|body)$/;
const cells = /^\/?(?:td|th)$/;

/** Where a comment or a tag ends; the end of the text when it does not. */
const endOf = (html: string, start: number): number => {
  const isComment = html.startsWith('<!--', start);
  const end = html.indexOf(isComment ? '-->' : '>', start);
  return end < 0 ? html.length : end + (isComment ? 3 : 1);
};

/** What a page of HTML says, as plain text with a line for each row or paragraph. The browser never sees the markup. */
export const htmlText = (html: string): string => {
  const lower = html.toLowerCase();
  let text = '';
  for (let at = 0; at < html.length;) {
    const start = html.indexOf('<', at);
    text += decode(html.slice(at, start < 0 ? html.length : start)).replace(/\s+/g, ' ');
    if (start < 0) break;
    at = endOf(html, start);
    const name = /^<(\/?[a-z][\w-]*)/.exec(lower.slice(start, start + 40))?.[1] ?? '';
    if (hidden.has(name)) {
      const end = lower.indexOf(`</${name}`, at);
      at = end < 0 ? html.length : end;
    } else if (lines.test(name)) text += '\n';
    else if (cells.test(name)) text += '\t';
  }
  return (
    text
      .split('\n')
      // In two steps, since one expression for both takes for ever on a line of a million spaces.
      .map((line) =>
        line
          .replace(/ {2,}/g, ' ')
          .replace(/ ?\t[ \t]*/g, '\t')
          .trim(),
      )
      .filter(Boolean)
      .join('\n')
      .replace(/\t/g, '  ')
  );
};
