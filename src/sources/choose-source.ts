import {SecureMapError} from '../credentials/errors.js';
import type {SourceFields, SourceKind} from './source-kind.js';

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const shown = (field: keyof SourceFields): string => (field === 'getToken' ? 'getToken' : kebab(field));

/** The source that the tag's fields mean; `undefined` for a public map. Two at once are an error of the page. */
export const chooseSource = (
  fields: SourceFields,
  kinds: Readonly<Record<string, SourceKind>>,
): SourceKind | undefined => {
  const isGiven = (field: keyof SourceFields): boolean => fields[field] !== undefined && fields[field] !== null;
  const chosen = Object.values(kinds).filter((kind) => kind.selectedBy.some(isGiven));
  if (chosen.length > 1) {
    const names = chosen.flatMap((kind) => kind.selectedBy.filter(isGiven)).map(shown);
    throw new SecureMapError(
      'conflicting-sources',
      `${names.join(' and ')} are given at once. Allowed: one way to get a credential.`,
    );
  }
  if (chosen.length === 0 && isGiven('clientId')) {
    throw new SecureMapError(
      'invalid-attribute',
      'client-id: needs authority, or authorization-endpoint and token-endpoint.',
    );
  }
  if (chosen.length === 0 && isGiven('loginKind')) {
    throw new SecureMapError('invalid-attribute', 'login-kind: needs secure-map/password.js on the page.');
  }
  if (chosen.length === 0 && isGiven('loginUrl')) {
    throw new SecureMapError('invalid-attribute', 'login-url: needs session-url or login-kind beside it.');
  }
  return chosen[0];
};
