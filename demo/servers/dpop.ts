import {createHash, hkdfSync, randomBytes} from 'node:crypto';
import {calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify} from 'jose';
import type {JWTPayload} from 'jose';

/** `on`: tokens may be bound to a key; `nonce`: and both servers say what the proof has to contain. */
export type DpopMode = 'off' | 'on' | 'nonce';

export interface ProofCheck {
  /** What stands in the `DPoP` header. */
  readonly proof: string | undefined;
  readonly method: string;
  readonly url: URL;
  readonly token: string;
  /** The key that the token is bound to. */
  readonly thumbprint: string;
}

/** `undefined` when the proof is good; else the error code of RFC 9449, section 12.2. */
export type ProofError = 'invalid_dpop_proof' | 'use_dpop_nonce';

export interface ProofJudge {
  /** For every answer while nonces are asked for; the one before is still taken. */
  nonce(): string | undefined;
  check(request: ProofCheck): Promise<ProofError | undefined>;
}

/** How far the clocks of a browser and of this server may be apart, and how long a proof is remembered. */
const WINDOW = 60;
const NONCE_SECONDS = 30;

const now = (): number => Math.floor(Date.now() / 1000);

/** Judges the proofs of possession that come with requests to the map server (RFC 9449, section 4.3). */
export function createProofJudge(asksForNonce: boolean): ProofJudge {
  const secret = randomBytes(32);
  const seen = new Map<string, number>();

  // Made from the time, so that nothing has to be kept.
  const nonceAt = (step: number): string =>
    Buffer.from(hkdfSync('sha256', secret, String(step), 'nonce', 16)).toString('base64url');
  const step = (): number => Math.floor(now() / NONCE_SECONDS);

  const isReplay = (jti: string): boolean => {
    for (const [id, until] of seen) {
      if (until > now()) break;
      seen.delete(id);
    }
    if (seen.has(jti)) return true;
    seen.set(jti, now() + 2 * WINDOW);
    return false;
  };

  const isGood = ({jti, iat, ...claims}: JWTPayload, {method, url, token}: ProofCheck): boolean =>
    typeof jti === 'string'
    && jti.length <= 100
    && typeof iat === 'number'
    && Math.abs(now() - iat) <= WINDOW
    && claims['htm'] === method
    && claims['htu'] === `${url.origin}${url.pathname}`
    && claims['ath'] === createHash('sha256').update(token).digest('base64url')
    && !isReplay(jti);

  return {
    nonce: () => (asksForNonce ? nonceAt(step()) : undefined),
    async check(request) {
      const {proof = '', thumbprint} = request;
      try {
        const {payload, protectedHeader} = await jwtVerify(proof, EmbeddedJWK, {
          typ: 'dpop+jwt',
          algorithms: ['ES256'],
        });
        const {jwk} = protectedHeader;
        if (jwk === undefined || (await calculateJwkThumbprint(jwk)) !== thumbprint) return 'invalid_dpop_proof';
        const fresh = [nonceAt(step()), nonceAt(step() - 1)];
        if (asksForNonce && !fresh.includes(String(payload['nonce']))) return 'use_dpop_nonce';
        return isGood(payload, request) ? undefined : 'invalid_dpop_proof';
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        return 'invalid_dpop_proof';
      }
    },
  };
}
