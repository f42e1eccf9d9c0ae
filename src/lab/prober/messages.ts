/** What a prober is to reach: the machine of that name, at one of its addresses, by TCP or UDP. */
export interface ProbeTarget {
  readonly name: string;
  /** IPv4 or IPv6; a link-local one with its zone: `fe80::1%eth0`. */
  readonly address: string;
  readonly transport: 'tcp' | 'udp';
}

/** To a prober, as a line of JSON. */
export interface ProbeOrder {
  /** Milliseconds after which a target that has not answered counts as not reached. */
  readonly patience: number;
  readonly targets: readonly ProbeTarget[];
}

/** From a prober, as a line of JSON. */
export type ProberReport =
  /** It answers others from now on. */
  | { readonly type: 'ready' }
  /** Milliseconds until each target's answer, in the order of the targets; null for none. */
  | { readonly type: 'answers'; readonly milliseconds: readonly (number | null)[] };
