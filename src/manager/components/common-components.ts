import { Configuration } from '../../mib/configuration.js';
import type { Component } from './component.js';
import { Owners } from './owners.js';

/** Components that many hosts have: their rows are held once for all of these. */
export class CommonComponents {
  readonly configuration = new Configuration();
  readonly owners: Owners;
  readonly #components: ReadonlySet<Component>;

  constructor(components: readonly Component[]) {
    this.#components = new Set(components);
    this.owners = new Owners(components);
    components.forEach((component) => {
      component.addTo(this.configuration);
    });
  }

  has(component: Component): boolean {
    return this.#components.has(component);
  }
}
