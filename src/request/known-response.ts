/** An answer, with what is known of it beside what it says itself. */
export interface KnownResponse extends Response {
  /** The body, as a whole: it is here, though not in the memory of the page. */
  readonly whole?: Blob | undefined;
  /** Of a server that the page lets have the credential, and not of any that one of its documents names. */
  readonly isTrusted?: boolean | undefined;
}
