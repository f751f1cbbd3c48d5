/** What a layer says about one request. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /**
   * Whether an answer of a good status refuses the credential nevertheless, as some services do in the body. Gets a copy;
   * a refusal is followed by one replay with a newer credential, as one by status is.
   */
  readonly isRefused?: ((copy: Response) => Promise<boolean>) | undefined;
}

/**
 * One authorized request. Resolves with a successful answer (2xx); rejects with a `RequestError` that says why there is
 * none, or with an `AbortError`. While the visitor has to sign in first it rejects at once with a `RequestError` that
 * `awaitsSignIn`, so that nothing holds a place in the map's loading queue; the layer is told to retry afterwards.
 */
export type Request = (url: string, options?: RequestOptions) => Promise<Response>;
