import { addrTable } from '../../../src/mib/addr-table.js';
import { Configuration } from '../../../src/mib/configuration.js';
import { probeTable, type ProbeRow } from '../../../src/mib/probe-table.js';
import { defaultsOf } from '../../../src/mib/table.js';
import { vifTable, type VifRow } from '../../../src/mib/vif-table.js';

/** What runs on a host: vif1.0 of proxy1 and vif2.0 of node2, with addresses of both IP versions. */
export function runningConfiguration(): Configuration {
  const configuration = new Configuration();
  const defaults = defaultsOf(vifTable) as Omit<VifRow, 'vif'>;
  for (const [number, vmName] of ['proxy1', 'node2'].entries()) {
    const vif = `vif${String(number + 1)}.0`;
    configuration.set(vifTable, {
      ...defaults,
      vif,
      vmName,
      macAddress: `00:16:3e:00:0${String(number)}:00`,
    });
    for (const address of [`10.${String(number + 1)}.0.1`, `fd00:${String(number + 1)}::1`]) {
      configuration.set(addrTable, { vif, address, prefixLength: address.includes(':') ? 64 : 16 });
    }
  }
  return configuration;
}

/** A request of run 7 for an echo from vif1.0 to 10.2.0.1, but for what is said. */
export function probeRow(changes: Partial<ProbeRow> = {}): ProbeRow {
  const target = changes.target ?? '10.2.0.1';
  return {
    ...(defaultsOf(probeTable) as ProbeRow),
    ...{ run: 7, number: 1, kind: 'echo', vif: 'vif1.0', target },
    targetType: target.includes(':') ? 'ipv6' : 'ipv4',
    ...changes,
  };
}
