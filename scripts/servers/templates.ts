import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const source = fileURLToPath(new URL('../../test/servers/templates', import.meta.url));

const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`A template asks for {{${name}}}, which nobody gives.`);
    return value;
  });

/** The address that stands in the templates for the page's, so that they can be copied as they are. */
export const yourSite = 'https://your.site';

/** Writes the configurations of all servers into a folder. */
export const writeTemplates = async (
  folder: string,
  {page, ...values}: Readonly<Record<string, string>> & {readonly page: string},
): Promise<void> => {
  for (const name of await readdir(source)) {
    const template = await readFile(join(source, name), 'utf8');
    await writeFile(join(folder, name), fill(template.replaceAll(yourSite, page), values));
  }
};
