import type { IsolationInput, SitePolicy } from '../../../src/agent/kernel/isolation/model.js';
import type { BridgeVif } from '../../../src/agent/kernel/nft/model.js';
import { IpAddress, IpNetwork } from '../../../src/units/ip-network.js';
import { MacAddress } from '../../../src/units/mac-address.js';
import { makeScratch, type Scratch } from './scratch.js';

const macOf = (n: number): MacAddress => MacAddress.parse(`02:00:00:00:00:0${String(n)}`);

/** Machines 1 and 2 in site 1, 3 and 4 in site 2; 1 and 3 are the proxies. */
export const VIFS: BridgeVif[] = [1, 2, 3, 4].map((n) => ({
  vif: `vif${String(n)}.0`,
  mac: macOf(n),
  guard: true,
  forwarding: 'nothing',
  addresses: [IpAddress.parse(`10.0.0.${String(n)}`), IpAddress.parse(`fd00::${String(n)}`)],
  site: n <= 2 ? 1 : 2,
  role: n % 2 === 1 ? 'proxy' : 'node',
}));

export const isolation = (policy: SitePolicy): IsolationInput => ({
  sites: [1, 2].map((id) => ({ id, policy })),
  members: VIFS.flatMap(({ addresses, site = 0, role, mac }) =>
    [...addresses, ...(mac === undefined ? [] : [mac.linkLocalAddress()])].map((address) => ({
      site,
      role,
      ...(mac === undefined ? {} : { mac }),
      network: IpNetwork.ofHost(address),
    })),
  ),
  siteLinks: [[1, 2]],
  flows: [],
});

/** A host with a bridge and the machines of {@link VIFS} behind it, as namespaces. */
export async function makeBridgedMachines(): Promise<{ host: Scratch; machines: Scratch[] }> {
  const host = await makeScratch();
  const machines: Scratch[] = [];
  await host.sh('ip link add br0 up type bridge mcast_snooping 0 forward_delay 0');
  for (const [index, { vif, mac }] of VIFS.entries()) {
    const machine = await makeScratch();
    machines.push(machine);
    await host.sh(`ip link add ${vif} up master br0 type veth peer name eth0 netns ${machine.name}`);
    await machine.sh(`ip link set eth0 address ${String(mac)}`);
    await machine.sh(`ip addr add 10.0.0.${String(index + 1)}/24 dev eth0`);
    await machine.sh(`ip addr add fd00::${String(index + 1)}/64 dev eth0 nodad`);
    await machine.sh('ip link set eth0 up');
  }
  return { host, machines };
}

/** Makes {@link makeBridgedMachines} for each test of a suite, and removes them. */
export function eachWithBridgedMachines(take: (made: { host: Scratch; machines: Scratch[] }) => void): void {
  let made: { host: Scratch; machines: Scratch[] };

  beforeEach(async () => {
    made = await makeBridgedMachines();
    take(made);
  });

  afterEach(async () => {
    for (const scratch of [made.host, ...made.machines]) await scratch.remove();
  });
}
