/** What is drawn, as the files have it. It stays the same for as long as the server runs. */
export interface NetworkMap {
  /** The name of the virtual environment; of the real one where no virtual one is given. */
  readonly name: string;
  /** Whether there is a virtual environment, and so sites. */
  readonly hasSites: boolean;
  readonly groups: readonly MapGroup[];
  readonly machines: readonly MapMachine[];
}

/** What machines stand in. */
export interface MapGroup {
  /** `site:site1`, `host:host1`. */
  readonly id: string;
  readonly kind: GroupKind;
  readonly name: string;
}

export type GroupKind = 'site' | 'host';

/** A vif with the machine behind it; a machine with several vifs is there several times. */
export interface MapMachine {
  /** `vif:host1/vif1.0`. */
  readonly id: string;
  /** The machine's name, and its vif where it has several. */
  readonly name: string;
  readonly role: 'node' | 'proxy' | 'machine';
  /** The groups that it is in. A machine that is no node is in no site. */
  readonly site?: string;
  readonly host: string;
}
