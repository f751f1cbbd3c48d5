import {format, resolveConfig} from 'prettier';
import {readElements} from './manifest.js';
import {reference} from './reference.js';

export const referencePath = 'docs/reference.md';

/** What `docs/reference.md` has to be, from the manifest of the last build. */
export const referencePage = async (): Promise<string> => {
  const [element] = await readElements('dist/custom-elements.json');
  if (!element) throw new Error('dist/custom-elements.json names no element: run `npm run build` first.');
  return format(reference(element), {...(await resolveConfig(referencePath)), filepath: referencePath});
};
