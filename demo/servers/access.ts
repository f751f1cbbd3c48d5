import {createLocalJWKSet, errors, jwtVerify} from 'jose';
import type {JWK} from 'jose';
import type {ProofError, ProofJudge} from './dpop.js';

/** What the credential of a request is worth. */
export type Access =
  | {readonly kind: 'none'}
  | {readonly kind: 'refused'; readonly reason: string; readonly proofError?: ProofError | undefined}
  | {
      readonly kind: 'granted';
      readonly type: 'Bearer' | 'DPoP';
      readonly subject: string;
      readonly roles: readonly string[];
    };

export interface AccessRequest {
  readonly authorization: string | undefined;
  /** What stands in the `DPoP` header. */
  readonly proof: string | undefined;
  readonly method: string;
  readonly url: URL;
}

export interface AccessOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly publicKeys: readonly JWK[];
  /** Access tokens of an earlier generation are treated as expired. */
  readonly generation: () => number;
  /** Absent: no token that is bound to a key is taken. */
  readonly proofs?: ProofJudge | undefined;
}

export function createAccessCheck({
  issuer,
  audience,
  publicKeys,
  generation,
  proofs,
}: AccessOptions): (request: AccessRequest) => Promise<Access> {
  // Local keys: the map server must judge tokens while the sign-in server is offline.
  const keys = createLocalJWKSet({keys: [...publicKeys]});

  return async ({authorization, ...request}) => {
    if (authorization === undefined) return {kind: 'none'};
    const [, scheme = '', token] = /^(Bearer|DPoP) ([\w~+/.=-]+)$/iu.exec(authorization) ?? [];
    const type = scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer';
    if (token === undefined || (type === 'DPoP' && proofs === undefined)) {
      return {kind: 'refused', reason: `not a Bearer ${proofs ? 'or DPoP ' : ''}token`};
    }
    try {
      const {payload} = await jwtVerify(token, keys, {issuer, audience, typ: 'at+jwt', requiredClaims: ['exp']});
      if (payload['generation'] !== generation()) return {kind: 'refused', reason: 'the token has expired'};
      const thumbprint = keyOf(payload['cnf']);
      // RFC 9449, section 7.1: whoever comes with a bound token alone may have stolen it.
      if ((thumbprint !== undefined) !== (type === 'DPoP')) {
        return {kind: 'refused', reason: `the token is ${thumbprint ? '' : 'not '}bound to a key`};
      }
      if (thumbprint !== undefined) {
        const proofError = await proofs?.check({...request, token, thumbprint});
        if (proofError !== undefined) return {kind: 'refused', reason: 'the proof is not valid', proofError};
      }
      return {kind: 'granted', type, subject: payload.sub ?? '', roles: strings(payload['roles'])};
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      const expired = error instanceof errors.JWTExpired;
      return {kind: 'refused', reason: expired ? 'the token has expired' : 'the token is not valid'};
    }
  };
}

/** RFC 7800, section 3.1 and RFC 9449, section 6.1. */
function keyOf(confirmation: unknown): string | undefined {
  if (typeof confirmation !== 'object' || confirmation === null || !('jkt' in confirmation)) return undefined;
  return String(confirmation.jkt);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
