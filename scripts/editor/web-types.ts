import {describe, type Attribute, type Named, type TaggedElement} from './manifest.js';

export interface PackageName {
  readonly name: string;
  readonly version: string;
}

const named = ({name, description}: Named) => ({name, description});

const typed = (attribute: Attribute) => ({
  ...named(attribute),
  value: {type: attribute.type?.text ?? 'string'},
  ...(attribute.default !== undefined && {default: attribute.default}),
});

/** JetBrains' web-types: https://github.com/JetBrains/web-types */
export const webTypes = ({name, version}: PackageName, elements: readonly TaggedElement[]) => ({
  $schema: 'https://json.schemastore.org/web-types',
  name,
  version,
  'description-markup': 'markdown',
  contributions: {
    html: {
      elements: elements.map((element) => ({
        name: element.tagName,
        description: describe(element),
        attributes: (element.attributes ?? []).map(typed),
        slots: (element.slots ?? []).map(named),
        js: {
          properties: (element.members ?? []).filter(({kind, static: own}) => kind === 'field' && !own).map(typed),
          events: (element.events ?? []).map(named),
        },
        css: {
          properties: (element.cssProperties ?? []).map(named),
          parts: (element.cssParts ?? []).map(named),
        },
      })),
    },
  },
});
