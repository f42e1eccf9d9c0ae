/** An exception to the closedness of sites. */
export class Rule {
  readonly action!: 'allow' | 'deny';
  /** `site`, `site/node`, or `any`. */
  readonly from!: string;
  readonly to!: string;
  readonly protocol?: 'tcp' | 'udp' | 'icmp';
  /** A port or a range `1000-2000`. */
  readonly port?: string;
}
