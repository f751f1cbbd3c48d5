import {SecureMapError} from '../../credentials/errors.js';

const shown = 20;

const list = (allowed: readonly string[]): string => {
  const names = allowed.slice(0, shown).map((name) => JSON.stringify(name.slice(0, 80)));
  return `${names.join(', ')}${allowed.length > shown ? ` and ${allowed.length - shown} more` : ''}`;
};

/** An error of the configuration: what it names the service does not have. Names what there is. */
export const notAmong = (field: string, wanted: string | undefined, allowed: readonly string[]): SecureMapError => {
  const what =
    wanted === undefined
      ? `The layer needs "${field}", since the service has several`
      : `The service has no "${field}" ${JSON.stringify(wanted.slice(0, 80))}`;
  const there = allowed.length > 0 ? `Allowed: ${list(allowed)}.` : 'It names none at all.';
  return new SecureMapError('invalid-layer', `${what}. ${there}`);
};
