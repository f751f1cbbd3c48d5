import type {ParsedConfig} from '../config/parse-config.js';
import type {SecureMapError} from '../credentials/errors.js';
import type {Parts} from './parts.js';
import type {Problems} from './problems.js';
import type {ViewChooser} from './view-chooser.js';

/**
 * What of a config comes before its layers, which are made for the view: its projections, then the view, which may be
 * in one of them. The answer is what is wrong with the document so far.
 */
export const showView = async (
  {projections, view: wanted, problems: found}: ParsedConfig,
  parts: Pick<Parts, 'defineProjections'>,
  {view, problems}: {readonly view: ViewChooser; readonly problems: Problems},
  signal: AbortSignal,
): Promise<readonly SecureMapError[]> => {
  const wrong = projections ? await parts.defineProjections(projections) : [];
  await view.settled;
  await problems.attemptLater('config view', () => view.setConfig(wanted, signal));
  return [...found, ...wrong];
};
