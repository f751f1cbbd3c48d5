/** What the columns are about, by how the names of the tests begin. */
const columns: readonly (readonly [column: string, test: string])[] = [
  ['credential', 'has the credential'],
  ['foreign', 'sends no credential'],
  ['request', 'sends every request'],
  ['abort', 'aborts everything'],
  ['visitor', 'asks for everything anew'],
  ['401', 'reports 401'],
  ['403', 'reports 403'],
  ['500', 'reports 500'],
  ['format', 'reports a web page'],
  ['ogc', 'reports an exception'],
  ['cors', 'reports an answer that may not'],
  ['network', 'reports a dead network'],
  ['sign-in', 'reports nothing while'],
];

/** Which checks hold for which layer kind, as its tests end. */
export class ContractTable {
  readonly #rows = new Map<string, Map<string, boolean>>();

  note(kind: string, test: string, passed: boolean): void {
    const [column] = columns.find(([, begin]) => test.startsWith(begin)) ?? [];
    if (!column) return;
    const row = this.#rows.get(kind) ?? new Map<string, boolean>();
    this.#rows.set(kind, row.set(column, passed && (row.get(column) ?? true)));
  }

  toString(): string {
    const names = columns.map(([column]) => column);
    const line = (cells: readonly string[]): string =>
      cells.map((cell, index) => cell.padEnd(index === 0 ? 14 : (names[index - 1] ?? '').length)).join('  ');
    const cellOf = (passed: boolean | undefined): string => (passed === undefined ? '·' : passed ? '✓' : '✗');
    const rows = [...this.#rows].map(([kind, row]) => line([kind, ...names.map((name) => cellOf(row.get(name)))]));
    return [line(['', ...names]), ...rows].join('\n');
  }
}
