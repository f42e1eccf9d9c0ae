import { bridgeTable, type BridgeRow } from '../../mib/bridge-table.js';
import { compareOids } from '../../mib/oid.js';
import { INTERFACE_NAME } from '../../mib/syntax.js';
import { encodeIndex, type Entry } from '../../mib/table.js';
import type { VifRow } from '../../mib/vif-table.js';
import { shorten } from '../config/shorten.js';
import type { HostSurvey } from '../host/linux-kernel.js';
import type { Link } from '../kernel/ip/links.js';
import { siteOfOverlay } from '../kernel/overlay/overlay-name.js';

/**
 * Kinds of interfaces that never lead out of a host: taps are of machines, even of those that no driver knows, and dummies and IFBs
 * lead nowhere.
 */
const INSIDE: ReadonlySet<string> = new Set(['tun', 'dummy', 'ifb', 'bridge', 'openvswitch']);

/**
 * The rows of netemuBridgeTable, sorted.
 *
 * @param configured the vifs that run, of which the driver need not know
 */
export function bridgeEntries(
  { links, machines, openVswitch }: Pick<HostSurvey, 'links' | 'machines' | 'openVswitch'>,
  configured: readonly VifRow[],
): Entry[] {
  const ofMachines = new Set([
    ...machines.flatMap(({ interfaces }) => interfaces.map(({ vif }) => vif)),
    ...configured.map(({ vif }) => vif),
  ]);
  const others = links.filter((link) => !ofMachines.has(link.name) && siteOfOverlay(link) === undefined);
  const row = (name: string, kind: BridgeRow['kind'], ports: readonly Link[]): BridgeRow => {
    const [uplink = '', ...more] = uplinksOf(ports);
    return { ifName: name, name, kind, uplink, otherUplinks: shorten(more.join(' ')) };
  };
  const rows = [
    ...links
      .filter(({ kind }) => kind === 'bridge')
      .map(({ name }) =>
        row(
          name,
          'linux',
          others.filter(({ master }) => master === name),
        ),
      ),
    ...openVswitch.map(({ name, ports }) =>
      row(
        name,
        'openVswitch',
        others.filter((link) => ports.includes(link.name)),
      ),
    ),
  ];
  return rows
    .filter(({ name }) => INTERFACE_NAME.test(name))
    .map((each) => ({ index: encodeIndex(bridgeTable, each), row: each }))
    .sort((a, b) => compareOids(a.index, b.index));
}

/**
 * The ports that lead out of the host, the likeliest first: hardware, then what sits on it, such as a bond or a VLAN, or a tunnel. A
 * veth leads out where there is one alone: several are those of containers.
 */
function uplinksOf(ports: readonly Link[]): string[] {
  const named = ports.filter(({ name }) => INTERFACE_NAME.test(name));
  const hardware = named.filter(({ kind }) => kind === undefined);
  const virtual = named.filter(({ kind }) => kind !== undefined && kind !== 'veth' && !INSIDE.has(kind));
  const veths = named.filter(({ kind }) => kind === 'veth');
  const outside = [...hardware, ...virtual];
  const chosen = outside.length === 0 && veths.length === 1 ? veths : outside;
  return chosen.map(({ name }) => name);
}
