import fc from 'fast-check';
import {
  DEFAULT_CLASS,
  FIRST_PEER_CLASS,
  UNLIMITED,
  type Leaf,
  type Tbf,
  type TcTree,
} from '../../../../src/agent/kernel/tc/model.js';
import { sizeLeaf, sizeTbf, type LineProfile } from '../../../../src/agent/kernel/tc/sizing.js';
import { IpNetwork } from '../../../../src/units/ip-network.js';

/** Prefixes of both versions, some within others. */
const NETWORKS = [
  '10.1.0.1/32',
  '10.1.0.2/32',
  '10.1.0.0/24',
  '10.1.0.0/16',
  '10.2.0.0/16',
  '10.128.0.0/9',
  '0.0.0.0/0',
  'fd00:1::1/128',
  'fe80::216:3eff:fe00:101/128',
  'fd00:1::/64',
  'fd00:2::/64',
  'fd00:3:8000::/35',
  '::/0',
].map((text) => IpNetwork.parse(text));

/** Addresses that meet in buckets, and others. */
const hosts = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 3 }))
  .chain(([site, group, host]) =>
    fc.constantFrom(
      `10.${String(site)}.${String(group)}.${String(host)}/32`,
      `fd00:${site.toString(16)}:0:${group.toString(16)}::${host.toString(16)}/128`,
      `fe80::216:3eff:fe00:${((group << 8) + host).toString(16)}/128`,
    ),
  )
  .map((text) => IpNetwork.parse(text));
const networks = fc.oneof(fc.constantFrom(...NETWORKS), hosts);

const framing = fc.constantFrom('frame', 'ethernet');

const tbf: fc.Arbitrary<Tbf> = fc
  .record({ bandwidth: fc.integer({ min: 8, max: 2_000_000 }), framing })
  .map((profile) => sizeTbf({ ...profile, latency: 0 }))
  .filter((sized) => sized !== undefined);

const ppm = fc.integer({ min: 1, max: 1_000_000 });
const anyPpm = fc.integer({ min: 0, max: 1_000_000 });

/** Everything that a profile can ask for but duplication, which not every kernel has beside others. */
const profile: fc.Arbitrary<LineProfile> = fc
  .record(
    {
      bandwidth: fc.integer({ min: 8, max: 2_000_000 }),
      latency: fc.integer({ min: 1, max: 500_000 }),
      framing,
      jitter: fc.integer({ min: 2, max: 100_000 }),
      distribution: fc.constantFrom('uniform', 'normal', 'pareto', 'paretonormal'),
      jitterReorders: fc.boolean(),
      loss: ppm,
      lossCorrelation: anyPpm,
      lossModel: fc.constantFrom('random', 'gemodel'),
      gemodelP: ppm,
      gemodelR: ppm,
      gemodelBad: anyPpm,
      gemodelGood: anyPpm,
      reorder: ppm,
      reorderGap: fc.integer({ min: 1, max: 100 }),
      corrupt: ppm,
      state: fc.constantFrom('up', 'up', 'up', 'down'),
    },
    { requiredKeys: ['latency'] },
  )
  .map((some) => ({ bandwidth: 0, ...some }));

/** Leaves with or without a delay; not every kernel has netem. */
export function leaf(withNetem: boolean): fc.Arbitrary<Leaf> {
  const limited = fc.record({ tbf }, { requiredKeys: [] });
  return withNetem
    ? fc.oneof(
        limited,
        profile.map((asked) => sizeLeaf(asked)),
      )
    : limited;
}

/** Trees of one vif. */
export function tree(vif: string, withNetem: boolean): fc.Arbitrary<TcTree> {
  return fc
    .record({
      parent: fc.oneof(
        fc.constant(UNLIMITED),
        fc.integer({ min: 64, max: 900_000 }).map((kbit) => kbit * 1000),
      ),
      default: leaf(withNetem),
      peers: fc.uniqueArray(
        fc.record({
          network: networks,
          minor: fc.integer({ min: 0, max: 4 }),
          leaf: leaf(withNetem),
        }),
        { selector: ({ network }) => network.toString() },
      ),
      tx: fc.option(tbf, { nil: undefined }),
      copies: fc.boolean(),
    })
    .map(({ parent, default: rest, peers, tx, copies }) => ({
      vif,
      parent,
      default: rest,
      classes: new Map(peers.map(({ minor, leaf: own }) => [FIRST_PEER_CLASS + minor, own])),
      filters: peers.map(({ network, minor }, index) => ({
        network,
        classMinor: index === 0 && minor === 0 ? DEFAULT_CLASS : FIRST_PEER_CLASS + minor,
      })),
      ...(tx === undefined ? {} : { tx }),
      ...(copies ? { copies: true as const } : {}),
    }));
}
