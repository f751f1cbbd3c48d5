import {createLocalJWKSet, errors, jwtVerify} from 'jose';
import type {JWK} from 'jose';

/** What the credential of a request is worth. */
export type Access =
  | {readonly kind: 'none'}
  | {readonly kind: 'refused'; readonly reason: string}
  | {readonly kind: 'granted'; readonly subject: string; readonly roles: readonly string[]};

export interface AccessOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly publicKeys: readonly JWK[];
  /** Access tokens of an earlier generation are treated as expired. */
  readonly generation: () => number;
}

export function createAccessCheck({
  issuer,
  audience,
  publicKeys,
  generation,
}: AccessOptions): (authorization: string | undefined) => Promise<Access> {
  // Local keys: the map server must judge tokens while the sign-in server is offline.
  const keys = createLocalJWKSet({keys: [...publicKeys]});

  return async (authorization) => {
    if (authorization === undefined) return {kind: 'none'};
    const token = /^Bearer ([\w~+/.=-]+)$/iu.exec(authorization)?.[1];
    if (token === undefined) return {kind: 'refused', reason: 'not a Bearer token'};
    try {
      const {payload} = await jwtVerify(token, keys, {issuer, audience, typ: 'at+jwt', requiredClaims: ['exp']});
      if (payload['generation'] !== generation()) return {kind: 'refused', reason: 'the token has expired'};
      return {kind: 'granted', subject: payload.sub ?? '', roles: strings(payload['roles'])};
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      const expired = error instanceof errors.JWTExpired;
      return {kind: 'refused', reason: expired ? 'the token has expired' : 'the token is not valid'};
    }
  };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
