import {SignJWT} from 'jose';
import type {DpopKey} from './dpop-keys.js';

export interface ProofClaims {
  readonly htm: string;
  readonly htu: string;
  readonly ath?: string | undefined;
  readonly nonce?: string | undefined;
  /** Seconds since the epoch, by the server's clock as far as it is known. */
  readonly issuedAt: number;
}

/** A DPoP proof (RFC 9449 §4.2): a JWT that is good for one request. */
export const signProof = ({jwk, privateKey}: DpopKey, {issuedAt, ...claims}: ProofClaims): Promise<string> =>
  new SignJWT({...claims, jti: crypto.randomUUID()})
    .setProtectedHeader({alg: 'ES256', typ: 'dpop+jwt', jwk: {...jwk}})
    .setIssuedAt(issuedAt)
    .sign(privateKey);
