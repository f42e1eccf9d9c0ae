import type { Configuration } from '../../mib/configuration.js';
import { addrTable } from '../../mib/addr-table.js';
import type { Capability } from '../../mib/host-scalars.js';
import { flowTable } from '../../mib/flow-table.js';
import { linkTable } from '../../mib/link-table.js';
import { memberTable } from '../../mib/member-table.js';
import { profileTable } from '../../mib/profile-table.js';
import { routeTable } from '../../mib/route-table.js';
import type { AnyRow, TableDefinition } from '../../mib/table.js';
import { vifTable } from '../../mib/vif-table.js';
import { overlayTable } from '../../mib/overlay-table.js';
import { openVswitchWords } from './attachment.js';
import { checkOverlays } from './check-overlays.js';
import { guestConflicts, guestDevice } from './desired-machine.js';
import { KERNEL_DATAPATH } from '../kernel/open-vswitch/bridges.js';
import type { ForeignQdisc, TcState } from '../kernel/tc/model.js';
import { inTheWay, removalWords, TAKE_OVER_WORDS } from '../kernel/tc/write.js';
import type { HostReading } from './host-state.js';
import { doesMoreThanLimit } from '../config/check-profiles.js';
import type { ValidateOptions } from '../config/host-kernel.js';
import { about, type HostProblem } from './host-problem.js';

/**
 * What stands in the way of a configuration on this host. All of it.
 *
 * @param wanted what the configuration wants of tc
 */
export function checkHost(
  target: Configuration,
  reading: HostReading,
  wanted: TcState,
  capabilities: ReadonlySet<Capability>,
  advice: ReadonlyMap<Capability, string>,
  { takeOver }: ValidateOptions,
): HostProblem[] {
  const missing = needs(target)
    .filter(({ capability }) => !capabilities.has(capability))
    .map(({ capability, table, row }) =>
      about(table, row, 0, 'notSupported', `this host has no ${capability}${after(advice.get(capability))}`),
    );
  const duplicates = capabilities.has('netemDuplicate') ? [] : checkDuplicates(target, wanted);
  return [
    ...missing,
    ...duplicates,
    ...checkInterfaces(target, reading, wanted, takeOver),
    ...checkOverlays(target, reading),
  ];
}

/** Newer kernels take a netem that duplicates only where there is no other one at the vif. */
function checkDuplicates(target: Configuration, wanted: TcState): HostProblem[] {
  return target.rows(vifTable).flatMap((row) => {
    const netems = (wanted.get(row.vif)?.qdiscs ?? []).flatMap(({ qdisc }) =>
      qdisc.kind === 'netem' ? [qdisc] : [],
    );
    if (netems.length < 2 || netems.every(({ duplicate }) => duplicate === undefined)) return [];
    const words =
      'this kernel duplicates packets only where one thing alone at a vif needs netem, and here others do too: leave duplicate out, or the latency and loss of the other links';
    return [about(vifTable, row, 0, 'notSupported', words)];
  });
}

interface Need {
  readonly capability: Capability;
  /** The first row that needs it. */
  readonly table: TableDefinition;
  readonly row: AnyRow;
}

/** What the kernel must have, each once. */
function needs(target: Configuration): Need[] {
  const found = new Map<Capability, Need>();
  const add = (table: TableDefinition, row: AnyRow | undefined, ...capabilities: Capability[]): void => {
    for (const capability of row === undefined ? [] : capabilities) {
      if (!found.has(capability) && row !== undefined) found.set(capability, { capability, table, row });
    }
  };
  const vifs = target.rows(vifTable);
  add(vifTable, vifs[0], 'htb');
  add(
    vifTable,
    vifs.find(({ sourceGuard }) => sourceGuard),
    'nftBridge',
  );
  add(
    vifTable,
    vifs.find(({ txProfile }) => txProfile !== 0),
    'ifb',
    'mirred',
    'u32',
    'tbf',
  );
  const profiles = target.rows(profileTable);
  add(
    profileTable,
    profiles.find(({ bandwidth }) => bandwidth > 0),
    'tbf',
  );
  add(profileTable, profiles.find(doesMoreThanLimit), 'netem');
  add(linkTable, target.rows(linkTable)[0], 'u32');
  add(
    memberTable,
    target.rows(memberTable)[0],
    'ipset',
    'iptables',
    'ip6tables',
    'bridgeNetfilter',
    'nftBridge',
  );
  add(flowTable, target.rows(flowTable)[0], 'conntrack');
  add(
    vifTable,
    vifs.find(({ forwarding }) => forwarding !== 'nothing'),
    'guestForwarding',
  );
  add(
    vifTable,
    vifs.find(({ mtu }) => mtu !== 0),
    'guestMtu',
  );
  add(addrTable, target.rows(addrTable)[0], 'guestAddress');
  add(routeTable, target.rows(routeTable)[0], 'guestRoute');
  add(overlayTable, target.rows(overlayTable)[0], 'vxlan', 'nftBridge');
  return [...found.values()];
}

function after(advice: string | undefined): string {
  return advice === undefined ? '' : `: ${advice}`;
}

function foreignWords(vif: string, { kind, handle, at }: ForeignQdisc, takeOver: boolean): string {
  const otherwise = takeOver
    ? 'netmgr does not replace it, because it could not put it back as it is'
    : TAKE_OVER_WORDS;
  return `${vif} has somebody else's qdisc ${kind} ${handle}; ${removalWords(vif, at)}; ${otherwise}`;
}

function checkInterfaces(
  target: Configuration,
  reading: HostReading,
  wanted: TcState,
  takeOver: boolean,
): HostProblem[] {
  return target.rows(vifTable).flatMap((row) => {
    const link = reading.links.get(row.vif);
    if (link === undefined) {
      return [
        about(
          vifTable,
          row,
          0,
          'noSuchInterface',
          `there is no interface ${row.vif}; is ${row.vmName} running?`,
        ),
      ];
    }
    if (link.master === KERNEL_DATAPATH) {
      return [about(vifTable, row, vifTable.columns.bridge.id, 'noSuchBridge', openVswitchWords(row.vif))];
    }
    if (row.bridge !== '' && link.master !== row.bridge) {
      const where = link.master === undefined ? 'at no bridge' : `at the bridge ${link.master}`;
      return [
        about(
          vifTable,
          row,
          vifTable.columns.bridge.id,
          'noSuchBridge',
          `${row.vif} is ${where}, not at ${row.bridge}`,
        ),
      ];
    }
    const present = reading.tc.devices.get(row.vif);
    const tree = wanted.get(row.vif);
    const foreign =
      present === undefined || tree === undefined
        ? undefined
        : inTheWay(present, tree).find(({ remake }) => remake === undefined);
    if (foreign !== undefined) {
      return [about(vifTable, row, 0, 'conflict', foreignWords(row.vif, foreign, takeOver))];
    }
    const machine = reading.state.machines.get(row.vmName);
    if (machine !== undefined && guestDevice(row, machine) === undefined) {
      return [
        about(
          vifTable,
          row,
          vifTable.columns.macAddress.id,
          'guestUnreachable',
          `${row.vmName} has no interface with the MAC address ${row.macAddress}`,
        ),
      ];
    }
    return machine === undefined
      ? []
      : guestConflicts(target, row, machine).map((text) => about(vifTable, row, 0, 'conflict', text));
  });
}
