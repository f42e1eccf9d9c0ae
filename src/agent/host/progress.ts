/** How far a change of the host is, by its parts: interfaces that are shaped, and machines that are set up. */
export class Progress {
  #parts = 0;
  #done = 0;

  /** Percent; 0 while nothing is under way, and less than 100 until the end. */
  get percent(): number {
    return this.#parts === 0 ? 0 : Math.min(99, Math.floor((this.#done / this.#parts) * 100));
  }

  /** Something of so many parts begins. */
  begin(parts: number): void {
    this.#parts = parts;
    this.#done = 0;
  }

  /** So many more parts are done. */
  advance(parts: number): void {
    this.#done += parts;
  }

  /** Nothing of what is under way is done. */
  end(): void {
    this.begin(0);
  }
}
