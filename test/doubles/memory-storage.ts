/** A `Storage` of its own, as a browser keeps it per origin. `isFull` makes it refuse to write. */
export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  isFull = false;
  [name: string]: unknown;

  get length(): number {
    return this.#items.size;
  }

  clear(): void {
    this.#items.clear();
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  setItem(key: string, value: string): void {
    if (this.isFull) throw new DOMException('Full', 'QuotaExceededError');
    this.#items.set(key, value);
  }

  /** What the browser does when a tab is duplicated. */
  copy(): MemoryStorage {
    const copy = new MemoryStorage();
    for (const [key, value] of this.#items) copy.setItem(key, value);
    return copy;
  }

  text(): string {
    return JSON.stringify([...this.#items]);
  }
}
