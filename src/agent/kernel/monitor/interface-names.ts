import { readdirSync, readFileSync } from 'node:fs';

const CLASS = '/sys/class/net';

/** Which interface had which name first: `tc monitor` learns names once, and goes on to call an interface what it was called then. */
export class InterfaceNames {
  #names = new Map<number, string>();

  /** Learns the names of now, as a `tc monitor` does that begins. */
  learn(): void {
    this.#names = new Map(namesByIndex());
  }

  /** Whether an interface has another name than it is known by. One that is new is known from now on. */
  isRenamed(index: number, name: string): boolean {
    const known = this.#names.get(index);
    if (known === undefined) this.#names.set(index, name);
    return known !== undefined && known !== name;
  }

  /** An interface is gone; another one may have its number. */
  forget(index: number): void {
    this.#names.delete(index);
  }
}

function namesByIndex(): [number, string][] {
  try {
    return readdirSync(CLASS).flatMap((name) => {
      try {
        return [[Number(readFileSync(`${CLASS}/${name}/ifindex`, 'latin1')), name] as [number, string]];
      } catch {
        // It has just gone.
        return [];
      }
    });
  } catch {
    return [];
  }
}
