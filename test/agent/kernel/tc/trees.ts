import fc from 'fast-check';
import {
  DEFAULT_CLASS,
  FIRST_PEER_CLASS,
  UNLIMITED,
  type Leaf,
  type Tbf,
  type TcTree,
} from '../../../../src/agent/kernel/tc/model.js';
import { sizeTbf } from '../../../../src/agent/kernel/tc/sizing.js';
import { IpNetwork } from '../../../../src/units/ip-network.js';

/** Prefixes of both versions that do not depend on one another's order. */
const NETWORKS = [
  '10.1.0.1/32',
  '10.1.0.2/32',
  '10.2.0.0/16',
  '10.128.0.0/9',
  '0.0.0.0/0',
  'fd00:1::1/128',
  'fd00:2::/64',
  'fd00:3:8000::/35',
  '::/0',
].map((text) => IpNetwork.parse(text));

const tbf: fc.Arbitrary<Tbf> = fc
  .integer({ min: 8, max: 2_000_000 })
  .map((bandwidth) => sizeTbf({ bandwidth, latency: 0 }))
  .filter((sized) => sized !== undefined);

/** Leaves with or without a delay; not every kernel has netem. */
export function leaf(withNetem: boolean): fc.Arbitrary<Leaf> {
  const netem = fc.record({
    latency: fc.integer({ min: 1, max: 500_000 }),
    limit: fc.integer({ min: 1000, max: 5000 }),
  });
  return withNetem
    ? fc.record({ tbf, netem }, { requiredKeys: [] })
    : fc.record({ tbf }, { requiredKeys: [] });
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
          network: fc.constantFrom(...NETWORKS),
          minor: fc.integer({ min: 0, max: 4 }),
          leaf: leaf(withNetem),
        }),
        { selector: ({ network }) => network.toString() },
      ),
      tx: fc.option(tbf, { nil: undefined }),
    })
    .map(({ parent, default: rest, peers, tx }) => ({
      vif,
      parent,
      default: rest,
      classes: new Map(peers.map(({ minor, leaf: own }) => [FIRST_PEER_CLASS + minor, own])),
      filters: peers.map(({ network, minor }, index) => ({
        network,
        classMinor: index === 0 && minor === 0 ? DEFAULT_CLASS : FIRST_PEER_CLASS + minor,
      })),
      ...(tx === undefined ? {} : { tx }),
    }));
}
