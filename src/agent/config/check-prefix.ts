import type { AnyRow, TableDefinition } from '../../mib/table.js';
import { IpAddress, IpNetwork } from '../../units/ip-network.js';
import { problem, type Problem } from './problem.js';

/** Whether the address and the prefix length of a row are a network. */
export function checkPrefix(
  table: TableDefinition,
  row: AnyRow,
  address: string,
  prefixLength: number,
): Problem[] {
  try {
    IpNetwork.of(IpAddress.parse(address), prefixLength);
    return [];
  } catch (error) {
    return [problem(table, row, 0, 'badValue', error instanceof Error ? error.message : String(error))];
  }
}
