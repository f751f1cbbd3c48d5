import {existsSync, readFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {gzipSync} from 'node:zlib';
import {parseSync} from 'vite';

export interface Chunk {
  /** Relative to the entry's folder. */
  readonly file: string;
  readonly code: string;
  readonly bytes: number;
  readonly gzip: number;
  readonly imports: readonly string[];
  readonly lazyImports: readonly string[];
  /** What it is made of, by its source map. */
  readonly modules: readonly string[];
}

export interface Bundle {
  /** What the browser loads before the tag is there: the entry and all it imports. */
  readonly first: readonly Chunk[];
  /** What it loads when a map needs it. */
  readonly lazy: readonly Chunk[];
}

const isRelative = (specifier: string): boolean => /^\.\.?\//.test(specifier);

const modulesOf = (map: string): readonly string[] => {
  if (!existsSync(map)) return [];
  const {sources}: {sources: readonly string[]} = JSON.parse(readFileSync(map, 'utf8'));
  return sources;
};

const readChunk = (root: string, file: string): Chunk => {
  const source = readFileSync(join(root, file));
  const code = source.toString();
  const {module} = parseSync(file, code);
  const at = (specifier: string): string => join(dirname(file), specifier);
  const reexported = module.staticExports.flatMap(({entries}) =>
    entries.flatMap(({moduleRequest}) => (moduleRequest ? [moduleRequest.value] : [])),
  );
  const requested = [...module.staticImports.map(({moduleRequest}) => moduleRequest.value), ...reexported];
  // The minifier writes `import(`./x.js`)`; anything but a plain string, quotes of whichever kind, is not ours to follow.
  const dynamic = module.dynamicImports.map(({moduleRequest: {start, end}}) => code.slice(start + 1, end - 1));
  return {
    file,
    code,
    bytes: source.length,
    gzip: gzipSync(source, {level: 9}).length,
    imports: [...new Set(requested.filter(isRelative).map(at))],
    lazyImports: [...new Set(dynamic.filter(isRelative).map(at))],
    modules: modulesOf(join(root, `${file}.map`)),
  };
};

/** A built entry, with every chunk that can be reached from it. */
export const readBundle = (entry: string): Bundle => {
  const root = dirname(entry);
  const chunks = new Map<string, Chunk>();
  const visit = (file: string, into: Set<string>, follow: (chunk: Chunk) => readonly string[]): void => {
    if (into.has(file)) return;
    into.add(file);
    const chunk = chunks.get(file) ?? readChunk(root, file);
    chunks.set(file, chunk);
    for (const next of follow(chunk)) visit(next, into, follow);
  };
  const start = relative(root, entry);
  const first = new Set<string>();
  visit(start, first, ({imports}) => imports);
  const all = new Set<string>();
  visit(start, all, ({imports, lazyImports}) => [...imports, ...lazyImports]);
  const pick = (keep: (file: string) => boolean): Chunk[] =>
    [...chunks.values()].filter(({file}) => keep(file)).toSorted((a, b) => b.gzip - a.gzip);
  return {first: pick((file) => first.has(file)), lazy: pick((file) => !first.has(file))};
};

/** What comes over the wire after the first load for a module that is loaded when needed: its chunk with its imports. */
export const loadedFor = ({first, lazy}: Bundle, module: RegExp): readonly Chunk[] => {
  const start = lazy.find(({modules}) => modules.some((each) => module.test(each)));
  const loaded = new Set<Chunk>();
  const visit = (chunk: Chunk | undefined): void => {
    if (!chunk || loaded.has(chunk) || first.includes(chunk)) return;
    loaded.add(chunk);
    for (const next of chunk.imports) visit(lazy.find(({file}) => file === next));
  };
  visit(start);
  return [...loaded];
};
