import * as v from 'valibot';

// Patterns without flags: those are what JSON Schema can say as well.
const scheme = String.raw`(?:[hH][tT][tT][pP][sS]?:|(?![A-Za-z][A-Za-z0-9+.\-]*:))`;
const httpOnly = 'must be an http(s) URL, or one relative to its document';

/** The URL of a service or a file. `javascript:`, `data:`, `file:` and the like are refused. */
export const url = v.pipe(v.string(httpOnly), v.minLength(1, httpOnly), v.regex(new RegExp(`^${scheme}`), httpOnly));

const template = 'must be an http(s) URL with {z}, {x} and {y} (or {-y}) in it, or with {bbox}';

/**
 * The URL of a tile, with placeholders: `{z}`, `{x}` and `{y}`, `{-y}` for rows counted from below, `{z+1}`, `{x+1}` and
 * `{y+1}` where the service counts from one, or `{bbox}` for the edges of the tile.
 */
export const tileUrl = v.pipe(
  v.string(template),
  v.regex(
    new RegExp(String.raw`^${scheme}(?:(?=.*\{z(?:\+1)?\})(?=.*\{x(?:\+1)?\})(?=.*\{(?:-?y|y\+1)\})|(?=.*\{bbox\}))`),
    template,
  ),
);

/** A template with placeholders that `ol` does not have. */
export const isUnusual = (url: string): boolean => /\+1\}|\{bbox\}/.test(url);
