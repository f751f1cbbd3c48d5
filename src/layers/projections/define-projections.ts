import {SecureMapError} from '../../credentials/errors.js';
import {addDefinition, isSameAs, readDefinition} from './add-definition.js';
import {projectionCode, registered} from './projection-code.js';
import {areaOf, axesOf, extentOf} from './table.js';

const mostDefinitions = 50;

const define = (name: string, definition: string): string | undefined => {
  const code = projectionCode(name);
  if (!/^[\w.-]+:[\w.:-]+$/.test(code) || code.length > 100)
    return 'must have a name with an authority and a code, like "EPSG:28992"';
  const read = readDefinition(definition);
  if (!read) return 'must be a definition that proj4 reads, like "+proj=utm +zone=32 …"';
  const known = registered(code);
  if (!known) addDefinition(code, read, {axes: axesOf(code), area: areaOf(code), extent: extentOf(code)});
  else if (!isSameAs(known, read))
    return 'is known on this page by another definition already, which stays: all maps of a page share them';
  return undefined;
};

/** Makes the projections of a config known. The answer is what is wrong with some of them, by their names. */
export const defineProjections = (definitions: Readonly<Record<string, string>>): readonly SecureMapError[] =>
  Object.entries(definitions).flatMap(([name, definition], index) => {
    const problem = index < mostDefinitions ? define(name, definition) : `is more than the ${mostDefinitions} allowed`;
    return problem === undefined
      ? []
      : [new SecureMapError('invalid-config', `projections.${name.slice(0, 60)}: ${problem}`)];
  });
