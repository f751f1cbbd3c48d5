/** What a proof is about. The URL is taken as it is sent; what of it goes into the proof is the prover's business. */
export interface ProofRequest {
  readonly method: string;
  readonly url: string;
}

/** What a proof has to fit: a credential, or a grant that has only a key. */
export interface Bound {
  /** The key, by its thumbprint (RFC 7638). */
  readonly keyId?: string | undefined;
  /** The access token that goes along. */
  readonly token?: string | undefined;
}

/** What an answer says about the proofs to come. */
export interface ProofAnswer {
  readonly url: string;
  readonly headers: Headers;
  /** The error code, when the answer is a refusal that names one. */
  readonly error?: string | undefined;
}

/** Proves that whoever sends a request holds the key that the token is bound to (DPoP, RFC 9449). */
export interface Prover {
  /** The value of a `DPoP` header, good for one request. Rejects with `session-over` when the key is gone. */
  prove(request: ProofRequest, bound: Bound): Promise<string>;
  /** Learns from any answer. True when the next proof may be taken where this one was refused: one more try is worth it. */
  learn(answer: ProofAnswer): boolean;
  /** Whether the key is there that a credential is bound to. */
  holds(bound: Bound): Promise<boolean>;
}
