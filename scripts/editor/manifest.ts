import {readFile} from 'node:fs/promises';

// As much of the custom elements manifest (schema 1.0.0) as editors' own formats need.

export interface Named {
  readonly name: string;
  readonly description?: string;
}

export interface Attribute extends Named {
  readonly fieldName?: string;
  readonly type?: {readonly text: string};
  readonly default?: string;
}

export interface Member extends Attribute {
  readonly kind: 'field' | 'method';
  readonly static?: boolean;
  readonly readonly?: boolean;
  readonly privacy?: string;
  readonly parameters?: readonly {readonly name: string; readonly optional?: boolean}[];
  readonly return?: {readonly type?: {readonly text: string}};
  readonly inheritedFrom?: unknown;
}

export interface ElementDeclaration {
  readonly kind: string;
  readonly customElement?: boolean;
  readonly tagName?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly attributes?: readonly Attribute[];
  readonly members?: readonly Member[];
  readonly events?: readonly Attribute[];
  readonly slots?: readonly Named[];
  readonly cssParts?: readonly Named[];
  readonly cssProperties?: readonly (Named & {readonly default?: string})[];
}

export type TaggedElement = ElementDeclaration & {readonly tagName: string};

interface Manifest {
  readonly modules: readonly {readonly declarations?: readonly ElementDeclaration[]}[];
}

const isTagged = (declaration: ElementDeclaration): declaration is TaggedElement =>
  declaration.customElement === true && declaration.tagName !== undefined;

/** The elements that the package registers. */
export const readElements = async (path: string): Promise<readonly TaggedElement[]> => {
  const manifest: Manifest = JSON.parse(await readFile(path, 'utf8'));
  return manifest.modules.flatMap(({declarations = []}) => declarations.filter(isTagged));
};

export const describe = ({summary, description}: ElementDeclaration): string =>
  [summary, description].filter(Boolean).join('\n\n');

/** The words that an attribute may have: `'a' | 'b'` names them, `boolean` and everything else names none. */
export const wordsOf = ({type}: Attribute): readonly string[] => {
  const members = (type?.text ?? '').split('|').map((member) => member.trim());
  const words = members.filter((member) => member !== 'undefined' && member !== 'null' && member !== '');
  return words.every((word) => /^'[^']*'$/.test(word)) ? words.map((word) => word.slice(1, -1)) : [];
};
