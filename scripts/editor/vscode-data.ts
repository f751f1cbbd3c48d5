import {describe, wordsOf, type TaggedElement} from './manifest.js';

/** VS Code's custom data for HTML: https://github.com/microsoft/vscode-custom-data */
export const vscodeData = (elements: readonly TaggedElement[]) => ({
  version: 1.1,
  tags: elements.map((element) => ({
    name: element.tagName,
    description: describe(element),
    attributes: (element.attributes ?? []).map((attribute) => {
      const words = wordsOf(attribute);
      return {
        name: attribute.name,
        description: attribute.description,
        ...(words.length > 0 && {values: words.map((name) => ({name}))}),
        // A flag is written without a value.
        ...(attribute.type?.text.startsWith('boolean') && {valueSet: 'v'}),
      };
    }),
  })),
});
