import type { Configuration } from '../../mib/configuration.js';
import type { Binding } from './binding.js';

/** The last configuration that was bound: what runs is looked at again and again, while machines seldom move. */
export class BoundConfiguration {
  #last: { readonly key: string; readonly digest: Buffer; readonly bound: Configuration } | undefined;

  /** As {@link Binding.bind}. */
  of(configuration: Configuration, binding: Binding): Configuration {
    const key = binding.keyOf(configuration);
    // A configuration may be written to; its digest tells, and is computed once.
    const digest = configuration.digest();
    if (this.#last?.key === key && this.#last.digest.equals(digest)) return this.#last.bound;
    const bound = binding.bind(configuration);
    this.#last = { key, digest, bound };
    return bound;
  }
}
