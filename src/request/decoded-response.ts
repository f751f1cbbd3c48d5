/** An answer whose image was decoded where it was fetched: it has no body then. */
export interface DecodedResponse extends Response {
  /** Belongs to whoever reads it. */
  readonly image?: ImageBitmap | undefined;
  /** The body, where it is here as a whole already. */
  readonly whole?: ArrayBuffer | undefined;
}
