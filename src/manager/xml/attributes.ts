/** The attributes of an element. There are many elements, and each has few: a list takes less room than a map. */
export class Attributes {
  /** Names and values in turns. */
  readonly #parts: string[] = [];

  get(name: string): string | undefined {
    const at = this.#find(name);
    return at === -1 ? undefined : this.#parts[at + 1];
  }

  has(name: string): boolean {
    return this.#find(name) !== -1;
  }

  /** @param name one that is not there yet: XML takes each once */
  add(name: string, value: string): void {
    this.#parts.push(name, value);
  }

  delete(name: string): void {
    const at = this.#find(name);
    if (at !== -1) this.#parts.splice(at, 2);
  }

  /** In the order of the file. */
  names(): string[] {
    return this.#parts.filter((_, i) => i % 2 === 0);
  }

  #find(name: string): number {
    for (let i = 0; i < this.#parts.length; i += 2) if (this.#parts[i] === name) return i;
    return -1;
  }
}
