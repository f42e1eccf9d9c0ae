import type { Line } from '../../manager/model/line.js';
import type { Parameters } from '../../manager/model/parameters.js';
import type { VirtualEnvironment } from '../../manager/model/virtual-environment.js';

/** Something a kernel has or has not. */
export interface KernelNeed {
  readonly feature: string;
  /** The module that gives it. */
  readonly module: string;
  /** Run in a scratch network namespace, in this order; all must succeed. */
  readonly commands: readonly (readonly [string, ...string[]])[];
}

const qdisc = (feature: string, ...words: readonly string[]): KernelNeed => ({
  feature,
  module: `sch_${feature}`,
  commands: [
    ['tc', 'qdisc', 'replace', 'dev', 'lo', 'root', 'handle', '1:', ...words],
    ['tc', 'qdisc', 'del', 'dev', 'lo', 'root'],
  ],
});

const BUILD: readonly KernelNeed[] = [
  {
    feature: 'veth',
    module: 'veth',
    commands: [['ip', 'link', 'add', 'name', 'a', 'type', 'veth', 'peer', 'name', 'b']],
  },
  { feature: 'bridge', module: 'bridge', commands: [['ip', 'link', 'add', 'name', 'c', 'type', 'bridge']] },
  qdisc('tbf', 'tbf', 'rate', '1mbit', 'burst', '3028', 'limit', '30000'),
];

const EMULATION: readonly KernelNeed[] = [
  qdisc('htb', 'htb', 'default', '1'),
  {
    feature: 'u32 filters',
    module: 'cls_u32',
    commands: [
      ['tc', 'qdisc', 'replace', 'dev', 'lo', 'root', 'handle', '1:', 'htb'],
      [
        ...(['tc', 'filter', 'add', 'dev', 'lo', 'parent', '1:', 'protocol', 'ip', 'prio', '1'] as const),
        ...['u32', 'match', 'ip', 'src', '10.0.0.0/8', 'flowid', '1:1'],
      ],
    ],
  },
  { feature: 'ifb', module: 'ifb', commands: [['ip', 'link', 'add', 'name', 'd', 'type', 'ifb']] },
  { feature: 'ipset', module: 'ip_set_hash_net', commands: [['ipset', 'create', 'a', 'hash:net']] },
  {
    feature: 'nft bridge tables',
    module: 'nf_tables',
    commands: [['nft', 'add', 'table', 'bridge', 'netmgr_probe']],
  },
];

const NETEM = qdisc('netem', 'netem', 'delay', '1ms');

/** What a kernel must be able to do to isolate machines and to give links a bandwidth. */
export const SHAPING_NEEDS: readonly KernelNeed[] = [...BUILD, ...EMULATION];
/** The same, with latency, jitter and loss. */
export const EVERY_NEED: readonly KernelNeed[] = [...SHAPING_NEEDS, NETEM];

/** What a kernel must be able to do for the files: latency, jitter and loss are netem's, the rest is always needed. */
export function needsOf(virtual: VirtualEnvironment | undefined): readonly KernelNeed[] {
  if (virtual === undefined) return BUILD;
  return wantsNetem(virtual) ? EVERY_NEED : SHAPING_NEEDS;
}

function wantsNetem({ links, sites }: VirtualEnvironment): boolean {
  const accesses = sites.flatMap(({ access, nodes }) => [access, ...nodes.map((node) => node.access)]);
  const lines = accesses.flatMap((access) => [access, access?.sent, access?.received]);
  return [...links, ...lines].some((line) => line !== undefined && doesMoreThanLimit(line));
}

/** What a line does besides its rate is netem's to do. */
const doesMoreThanLimit = ({ latency, jitter, loss, duplicate, corrupt, state, ...rest }: Line): boolean =>
  [latency, jitter, loss, duplicate, corrupt, (rest as Parameters).gemodelP].some(
    (value) => value !== undefined,
  ) || state === 'down';
