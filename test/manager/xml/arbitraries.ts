import fc from 'fast-check';
import { AgentAccess, Bridge, Host } from '../../../src/manager/model/host.js';
import { Link } from '../../../src/manager/model/link.js';
import { Node } from '../../../src/manager/model/node.js';
import { correlationBeyondLoss } from '../../../src/manager/model/parameters.js';
import {
  Credentials,
  PhysicalLink,
  RealEnvironment,
  Router,
  Switch,
} from '../../../src/manager/model/real-environment.js';
import { Access } from '../../../src/manager/model/access.js';
import { Line } from '../../../src/manager/model/line.js';
import { Route, Site } from '../../../src/manager/model/site.js';
import { VirtualEnvironment } from '../../../src/manager/model/virtual-environment.js';
import { Vif, VirtualMachine } from '../../../src/manager/model/virtual-machine.js';
import { BitRate } from '../../../src/units/bit-rate.js';
import { ByteCount } from '../../../src/units/byte-count.js';
import { Duration } from '../../../src/units/duration.js';
import { IpAddress, IpNetwork } from '../../../src/units/ip-network.js';
import { QueueLength } from '../../../src/units/queue-length.js';
import { Ratio } from '../../../src/units/ratio.js';
import { MacAddress } from '../../../src/units/mac-address.js';

const UINT32_MAX = 2 ** 32 - 1;

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
const word = fc.stringMatching(/^[A-Za-z0-9._+-]{1,12}$/);
const bandwidth = fc.integer({ min: 1, max: UINT32_MAX }).map((kbit) => BitRate.ofBitsPerSecond(kbit * 1000));
const latency = fc.integer({ min: 0, max: UINT32_MAX }).map((us) => Duration.ofMicroseconds(us));
const lineLatency = fc.integer({ min: 0, max: 274_000_000 }).map((us) => Duration.ofMicroseconds(us));
const memory = fc.maxSafeNat().map((bytes) => ByteCount.ofBytes(bytes));
const secrets = fc.oneof(
  fc.stringMatching(/^env:[A-Z_][A-Z0-9_]{0,10}$/),
  fc.stringMatching(/^file:\/[!-~äß][ -~]{0,20}[!-~]$/),
);

/** An object of the model with some of the optional properties. */
function some<T extends object>(
  type: new () => T,
  required: Partial<T>,
  optional: { readonly [K in keyof T]?: fc.Arbitrary<T[K]> },
): fc.Arbitrary<T> {
  return fc
    .record(optional as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [] })
    .map((values) => Object.assign(new type(), required, values));
}

/** What of any index is different from that of every other index. */
const hex = (index: number): string => index.toString(16).padStart(2, '0');

function vm(host: number, index: number, prefix: string): fc.Arbitrary<VirtualMachine> {
  const mac = fc.constant(MacAddress.parse(`00:16:3e:00:${hex(host)}:${hex(index)}`));
  const vif = some(Vif, { name: `vif${String(index)}.0`, bridge: 'xenbr0' }, { mac });
  return fc
    .array(vif, { maxLength: 1 })
    .chain((vifs) =>
      fc
        .constantFrom(...(['netmgr', 'guest'] as const))
        .chain((addressing) =>
          some(
            VirtualMachine,
            { name: `${prefix}-${String(host)}-${String(index)}`, addressing, vifs },
            { memory, uuid: fc.uuid(), container: fc.constantFrom('web', 'pid:4711') },
          ),
        ),
    );
}

function host(index: number, prefix: string): fc.Arbitrary<Host> {
  return fc
    .record({
      count: fc.nat(3),
      port: fc.integer({ min: 1, max: 65535 }),
      bridges: some(Bridge, { name: 'xenbr0' }, { uplink: fc.constant('eth0') }),
    })
    .chain(({ count, port, bridges }) =>
      fc.tuple(...Array.from({ length: count }, (_, machine) => vm(index, machine, prefix))).chain((vms) =>
        some(
          Host,
          {
            name: `${prefix}${String(index)}`,
            address: IpAddress.parse(
              index % 2 === 0 ? `172.16.0.${String(index + 1)}` : `fd00::${hex(index)}`,
            ),
            agent: Object.assign(new AgentAccess(), { port, credentials: 'lab' }),
            bridges: [bridges],
            vms,
          },
          {
            hypervisor: fc.constantFrom(...(['kvm', 'qemu', 'xen', 'container', 'namespace'] as const)),
            ...{ version: word, memory, cpus: fc.integer({ min: 1, max: 65535 }), cluster: name },
          },
        ),
      ),
    );
}

export const realEnvironment: fc.Arbitrary<RealEnvironment> = fc
  .record({ name, prefix: name, from: secrets, count: fc.nat(3) })
  .chain(({ name, prefix, from, count }) =>
    fc
      .tuple(
        fc.tuple(...Array.from({ length: count }, (_, index) => host(index, prefix))),
        fc.tuple(
          ...Array.from({ length: count }, (_, index) =>
            some(
              PhysicalLink,
              { from: `${prefix}${String(index)}`, to: `${prefix}-sw` },
              { bandwidth, latency },
            ),
          ),
        ),
      )
      .map(([hosts, links]) =>
        Object.assign(new RealEnvironment(), {
          name,
          credentials: [
            Object.assign(new Credentials(), {
              name: 'lab',
              user: 'netmgr',
              auth: 'SHA-256',
              priv: 'AES-128',
              from,
            }),
          ],
          switches: [Object.assign(new Switch(), { name: `${prefix}-sw` })],
          hosts,
          links,
          routers: [
            Object.assign(new Router(), { name: `${prefix}-gw`, address: IpAddress.parse('172.16.0.254') }),
          ],
        }),
      ),
  );

const ratio = fc.integer({ min: 0, max: 1_000_000 }).map((ppm) => Ratio.ofPartsPerMillion(ppm));
const count = fc.integer({ min: 1, max: UINT32_MAX });
const line = {
  bandwidth,
  burst: fc.integer({ min: 1514, max: UINT32_MAX }).map((bytes) => ByteCount.ofBytes(bytes)),
  queue: fc.oneof(
    count.map((us) => QueueLength.ofTime(Duration.ofMicroseconds(us))),
    count.map((bytes) => QueueLength.ofBytes(ByteCount.ofBytes(bytes))),
    count.map((packets) => QueueLength.ofPackets(packets)),
  ),
  framing: fc.constantFrom('frame', 'ethernet'),
  latency: lineLatency,
  loss: ratio,
  duplicate: ratio,
  corrupt: ratio,
  state: fc.constantFrom('up', 'down'),
} as const;
const linkLine = {
  ...line,
  distribution: fc.constantFrom('uniform', 'normal', 'pareto', 'paretonormal'),
  jitterReorders: fc.boolean(),
  lossCorrelation: ratio,
  gemodelP: ratio,
  gemodelR: ratio,
  gemodelBad: ratio,
  gemodelGood: ratio,
  reorder: ratio,
  reorderGap: count,
  limit: count,
} as const;
/** A correlation that the loss cannot have is none. */
const withoutTooMuch = (link: Link): Link =>
  correlationBeyondLoss(link) === undefined
    ? link
    : Object.assign(new Link(), link, { lossCorrelation: undefined });
const direction = some(Line, {}, line);
const access = some(
  Access,
  {},
  {
    ...line,
    mtu: fc.integer({ min: 1280, max: 65535 }).map((bytes) => ByteCount.ofBytes(bytes)),
    sent: direction,
    received: direction,
  },
);

const overlay = fc.oneof(
  fc.constant({}),
  fc.record(
    {
      overlay: fc.constant('vxlan' as const),
      overlayVni: fc.integer({ min: 1, max: 0xffffff }),
      overlayPort: fc.integer({ min: 1, max: 65535 }),
    },
    { requiredKeys: ['overlay'] },
  ),
);

function node(site: number, index: number, prefix: string): fc.Arbitrary<Node> {
  const machine = `${prefix}-${String(site)}-${String(index)}`;
  const addresses = [`10.${String(site)}.0.${String(index + 1)}`, `fd00:${hex(site)}::${hex(index + 1)}`];
  return fc.subarray(addresses, { minLength: index === 0 ? 2 : 1 }).chain((chosen) =>
    some(
      Node,
      {
        vm: machine,
        addresses: chosen.map((text) => IpAddress.parse(text)),
        role: index === 0 ? 'proxy' : 'node',
      },
      { vif: fc.constant('vif1.0'), access },
    ),
  );
}

function site(index: number, prefix: string): fc.Arbitrary<Site> {
  return fc
    .record({
      count: fc.integer({ min: 1, max: 4 }),
      policy: fc.constantFrom('isolated' as const, 'proxy' as const, 'open' as const),
      targets: fc.subarray(['10.200.0.0/16', 'fd00:200::/64', '0.0.0.0/0']),
    })
    .chain(({ count, policy, targets }) =>
      fc
        .tuple(
          fc.tuple(...Array.from({ length: count }, (_, member) => node(index, member, prefix))),
          fc.tuple(
            ...targets.map((to) =>
              some(
                Route,
                { to: IpNetwork.parse(to), via: `${prefix}-${String(index)}-0` },
                { metric: fc.integer({ min: 0, max: UINT32_MAX }) },
              ),
            ),
          ),
        )
        .chain(([nodes, routes]) =>
          some(
            Site,
            {
              name: `${prefix}${String(index)}`,
              networks: [
                IpNetwork.parse(`10.${String(index)}.0.0/16`),
                IpNetwork.parse(`fd00:${hex(index)}::/64`),
              ],
              policy,
              nodes,
              routes,
            },
            { access },
          ),
        )
        .chain((one) => overlay.map((has) => Object.assign(one, has))),
    );
}

export const virtualEnvironment: fc.Arbitrary<VirtualEnvironment> = fc
  .record({ name, prefix: name, count: fc.nat(3) })
  .chain(({ name, prefix, count }) => {
    const ends = Array.from({ length: count }, (_, index) => `${prefix}${String(index)}`);
    const pairs = ends.flatMap((from) => ends.filter((to) => from !== to).map((to) => ({ from, to })));
    return fc
      .tuple(
        fc.tuple(...Array.from({ length: count }, (_, index) => site(index, prefix))),
        fc.subarray(pairs),
      )
      .chain(([sites, chosen]) =>
        fc
          .tuple(
            ...chosen.map((ends) =>
              some(Link, { ...ends, direction: 'forward' }, linkLine).map(withoutTooMuch),
            ),
          )
          .map((links) => Object.assign(new VirtualEnvironment(), { name, sites, links, rules: [] })),
      );
  });
