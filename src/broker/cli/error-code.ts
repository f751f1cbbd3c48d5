/** What Node calls an error of its own, such as `ENOENT`: it may be shown, where the words may quote anything. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
