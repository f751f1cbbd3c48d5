/** An answer whose body is here as a whole, though not in the memory of the page. */
export interface WholeResponse extends Response {
  readonly whole?: Blob | undefined;
}
