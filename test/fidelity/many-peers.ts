import { oneHostWith } from '../integration/one-host.js';

/** What a link from a peer to the hub does. */
export interface Shape {
  /** Mbit/s; undefined: as much as there is. */
  readonly bandwidth?: number;
  /** Milliseconds, one way. */
  readonly latency?: number;
  readonly loss?: string;
}

export interface Peer {
  readonly machine: string;
  readonly address: string;
  readonly address6: string;
  readonly shape: Shape;
}

export const HUB = { machine: 'hub', address: '10.1.255.1', address6: 'fd00:1::ffff' };
/** A machine that no link is about, which sends to the others. */
export const FREE = { machine: 'free', address: '10.1.255.2' };

/** A machine with a link from the first peer alone. */
export const LONE = { machine: 'lone', address: '10.1.255.3' };
/** A machine that no link is about. */
export const PLAIN = { machine: 'plain', address: '10.1.255.4', vif: 'vif3.0' };
const OTHERS = [FREE, LONE, PLAIN];

const SHAPES: readonly Shape[] = [
  { bandwidth: 5 },
  { latency: 10 },
  { bandwidth: 20, latency: 5 },
  { latency: 25, loss: '0.1%' },
  { bandwidth: 50, latency: 2 },
];

/** Peers whose links to the hub differ: each fifth has the same kind, each its own latency. */
export function peersOf(count: number): readonly Peer[] {
  return Array.from({ length: count }, (_, i) => {
    const shape = SHAPES[i % SHAPES.length] ?? {};
    const own = Math.floor(i / SHAPES.length) / 10;
    return {
      machine: `peer${String(i + 1)}`,
      address: `10.1.${String(i % 7)}.${String(i + 1)}`,
      address6: `fd00:1::${(i + 1).toString(16)}`,
      shape: { ...shape, ...(shape.latency === undefined ? {} : { latency: shape.latency + own }) },
    };
  });
}

/** One host with the hub, the others and the peers. */
export function manyReal(peers: readonly Peer[]): string {
  return oneHostWith(
    [HUB, ...OTHERS, ...peers].map(({ machine }, i) => ({
      name: machine,
      vif: `vif${String(i)}.0`,
      mac: `00:16:3e:01:${octet(i >> 8)}:${octet(i & 255)}`,
    })),
  );
}

/** One site of all, with a link to the hub from each of the peers that are linked, and from the first to the lone machine. */
export function manyVirtual(peers: readonly Peer[], linked: readonly Peer[]): string {
  const nodes = [
    `<node vm="${HUB.machine}" address="${HUB.address} ${HUB.address6}"/>`,
    ...OTHERS.map(({ machine, address }) => `<node vm="${machine}" address="${address}"/>`),
    ...peers.map(
      ({ machine, address, address6 }) => `<node vm="${machine}" address="${address} ${address6}"/>`,
    ),
  ];
  const linkTo = (to: string, { machine, shape }: Peer): string =>
    `  <link from="${machine}" to="${to}" direction="forward"${attributesOf(shape)}/>`;
  const links = [
    ...linked.map((peer) => linkTo(HUB.machine, peer)),
    ...linked.slice(0, 1).map((peer) => linkTo(LONE.machine, peer)),
  ];
  return `<?xml version="1.0"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="many">
  <site name="site1" network="10.1.0.0/16 fd00:1::/64">
    ${nodes.join('\n    ')}
  </site>
${links.join('\n')}
</virtual-environment>
`;
}

function attributesOf({ bandwidth, latency, loss }: Shape): string {
  return [
    bandwidth === undefined ? '' : ` bandwidth="${String(bandwidth)}mbit"`,
    latency === undefined ? '' : ` latency="${String(Math.round(latency * 1000))}us"`,
    loss === undefined ? '' : ` loss="${loss}"`,
  ].join('');
}

const octet = (number: number): string => number.toString(16).padStart(2, '0');
