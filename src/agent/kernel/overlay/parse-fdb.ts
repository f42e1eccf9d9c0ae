import { recordsOf, textOf } from '../printed.js';
import { addressText } from './parse-link.js';

/** What the forwarding tables say of one VXLAN device. */
export interface FdbOfDevice {
  readonly vteps: ReadonlySet<string>;
  readonly machines: ReadonlyMap<string, string>;
  readonly pinned: ReadonlyMap<string, boolean>;
}

/** The destination of a VXLAN device for all that it has no other one for. */
export const ALL_ZERO = '00:00:00:00:00:00';
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;
const WORD = /^[\w.:%-]+$/;

class Reading implements FdbOfDevice {
  readonly vteps = new Set<string>();
  readonly machines = new Map<string, string>();
  readonly pinned = new Map<string, boolean>();
}

/**
 * Reads `bridge -j fdb show`: of the devices the entries of the tunnel (`self`) and those of the bridge (`master`).
 *
 * @param devices their own MAC addresses by name, which the bridge lists too
 * @throws SyntaxError if it is no JSON
 */
export function parseFdb(output: string, devices: ReadonlyMap<string, string>): Map<string, FdbOfDevice> {
  const found = new Map([...devices.keys()].map((name) => [name, new Reading()]));
  for (const record of recordsOf(output)) {
    const device = textOf(record['ifname']);
    const reading = found.get(device);
    const mac = textOf(record['mac']);
    if (reading === undefined || !MAC.test(mac)) continue;
    const flags = Array.isArray(record['flags']) ? record['flags'] : [];
    if (typeof record['master'] === 'string') {
      if (mac === devices.get(device)) continue;
      const isPinned = record['state'] === 'static' && flags.includes('sticky');
      // With VLANs the bridge lists a machine once for each.
      reading.pinned.set(mac, isPinned && reading.pinned.get(mac) !== false);
    } else if (typeof record['dst'] === 'string') {
      const destination = destinationOf(record);
      if (mac === ALL_ZERO) reading.vteps.add(destination);
      else reading.machines.set(mac, destination);
    }
  }
  return found;
}

/** Where an entry leads to, as `bridge fdb` takes it behind `dst`: ours have nothing but the address. */
function destinationOf(record: Readonly<Record<string, unknown>>): string {
  const more = ['port', 'vni', 'via'].flatMap((name) => {
    const value = record[name];
    const text = typeof value === 'number' ? String(value) : textOf(value);
    return WORD.test(text) ? [name, text] : [];
  });
  return [addressText(textOf(record['dst'])), ...more].join(' ');
}
