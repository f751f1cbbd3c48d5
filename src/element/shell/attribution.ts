import {html, nothing, type TemplateResult} from 'lit';
import {guard} from 'lit/directives/guard.js';
import type {LayerEntry} from '../layer-entry.js';
import type {Words} from '../words/words.js';

type Piece = string | {readonly text: string; readonly href: string};

const LONGEST = 1000;
const LINK = /<a\b[^<>]*?\bhref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+)(?=[\s>]))[^<>]*>(.*?)<\/a\s*>/gis;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
};

const decode = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,6})|#x([\da-f]{1,5})|(\w{2,6}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return ENTITIES[name.toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

const plain = (markup: string): string => decode(markup.replace(/<[^<>]*>/g, ''));

const webUrl = (href: string): string | undefined => {
  const url = URL.parse(decode(href));
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
};

/**
 * Attributions come from documents of others, so they are text: links to web pages are kept, all other markup is
 * dropped. What is left is rendered as text nodes; nothing is ever parsed as HTML.
 */
export const readAttribution = (attribution: string): readonly Piece[] => {
  const text = attribution.slice(0, LONGEST);
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    pieces.push(plain(text.slice(end, match.index)));
    const label = plain(match[4] ?? '');
    const href = webUrl(match[1] ?? match[2] ?? match[3] ?? '');
    pieces.push(href ? {text: label, href} : label);
    end = match.index + match[0].length;
  }
  pieces.push(plain(text.slice(end)));
  return pieces.filter((piece) => piece !== '');
};

/** Without its links. */
export const attributionText = (attribution: string): string =>
  readAttribution(attribution)
    .map((piece) => (typeof piece === 'string' ? piece : piece.text))
    .join('');

const renderPiece = (piece: Piece) =>
  typeof piece === 'string'
    ? piece
    : html`<a href=${piece.href} target="_blank" rel="noopener noreferrer">${piece.text}</a>`;

/** Who made what is to be seen, each named once. */
export const attributionControl = (words: Words, layers: readonly LayerEntry[]): TemplateResult | typeof nothing => {
  const texts = new Set(layers.flatMap(({attribution, isVisible}) => (attribution && isVisible ? [attribution] : [])));
  if (texts.size === 0) return nothing;
  return html`
    <div class="attribution card" part="attribution" role="note" aria-label=${words.sources}>
      ${[...texts].map((text, index) => html`${index > 0 ? ' · ' : nothing}${guard([text], () => readAttribution(text).map(renderPiece))}`)}
    </div>
  `;
};
