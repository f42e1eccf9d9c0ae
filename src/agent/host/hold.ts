import type { Configuration } from '../../mib/configuration.js';
import { vifTable } from '../../mib/vif-table.js';
import { MacAddress } from '../../units/mac-address.js';
import type { Hold } from '../kernel/nft/hold.js';
import type { MachineDriver } from '../machines/machine-driver.js';
import type { Binding } from './binding.js';

/** What has to wait for machines that may come; undefined where none can without being told of. */
export function holdOf(
  { findsVifs, interfacePrefixes }: Pick<MachineDriver, 'findsVifs' | 'interfacePrefixes'>,
  { away }: Pick<Binding, 'away'>,
  bound: Configuration,
): Hold | undefined {
  const rows = bound.rows(vifTable);
  if (!findsVifs && away.length === 0) return undefined;
  if (findsVifs && rows.length + away.length === 0) return undefined;
  const macOf = ({ macAddress }: { readonly macAddress: string }): readonly MacAddress[] =>
    macAddress === '' ? [] : [MacAddress.parse(macAddress)];
  return {
    prefixes: findsVifs ? interfacePrefixes : [],
    macs: [...rows, ...away.map(({ row }) => row)].flatMap(macOf),
    places: rows.map((row) => {
      const [mac] = macOf(row);
      return { device: row.vif, ...(mac === undefined ? {} : { mac }) };
    }),
    awaited: findsVifs ? [] : away.map(({ row }) => row.vif),
  };
}
