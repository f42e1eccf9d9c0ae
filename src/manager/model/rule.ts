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

/** `allow tcp port 22` */
export function ruleWords({ action, protocol, port }: Pick<Rule, 'action' | 'protocol' | 'port'>): string {
  return [
    action,
    ...(protocol === undefined ? [] : [protocol]),
    ...(port === undefined ? [] : [`port ${port}`]),
  ].join(' ');
}

/** The lowest and the highest port of a rule; undefined where it names none. */
export function portRange({ port }: Pick<Rule, 'port'>): readonly [low: number, high: number] | undefined {
  if (port === undefined) return undefined;
  const [low = 0, high = low] = port.split('-').map(Number);
  return [low, high];
}
