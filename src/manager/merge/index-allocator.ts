import { createHash } from 'node:crypto';
import { UINT32_MAX } from '../../mib/syntax.js';

/**
 * Gives each name an index from 1 to 2^32−1 that depends on the name alone (as long as no two names of one
 * environment collide), so that editing one element renumbers no other.
 */
export class IndexAllocator {
  readonly #names = new Map<number, string>();
  readonly #indices = new Map<string, number>();

  indexOf(name: string): number {
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    let index = createHash('sha256').update(name).digest().readUInt32BE(0);
    while (index === 0 || (this.#names.get(index) ?? name) !== name) index = (index + 1) % UINT32_MAX;
    this.#names.set(index, name);
    this.#indices.set(name, index);
    return index;
  }
}
