import { createHash } from 'node:crypto';
import { UINT32_MAX } from './syntax.js';

/**
 * Gives each name an index from 1 to `max` that depends on the name alone (as long as no two names of one allocator
 * collide): what else has a name renumbers none, and neither does a restart.
 */
export class IndexAllocator {
  readonly #names = new Map<number, string>();
  readonly #indices = new Map<string, number>();

  constructor(private readonly max = UINT32_MAX) {}

  indexOf(name: string): number {
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    const count = this.max + 1;
    let index = createHash('sha256').update(name).digest().readUInt32BE(0) % count;
    while (index === 0 || (this.#names.get(index) ?? name) !== name) index = (index + 1) % count;
    this.#names.set(index, name);
    this.#indices.set(name, index);
    return index;
  }
}
