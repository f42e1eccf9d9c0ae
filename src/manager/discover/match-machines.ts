import type { DiscoveredMachine } from './discovered.js';
import { vagrantName } from './file-names.js';
import type { XmlElement } from './xml-file.js';

/** A `<vm>` of a file and the `<host>` that it stands in. */
export interface WrittenMachine {
  readonly host: XmlElement;
  readonly element: XmlElement;
}

/** A machine, and the `<host>` that it is on. */
export interface FoundMachine {
  readonly host: XmlElement;
  readonly machine: DiscoveredMachine;
}

/** Whether a written machine and a found one are the same, by one of the things that tell machines. */
type Sameness = (written: WrittenMachine, found: FoundMachine) => boolean;

const lower = (text: string | undefined): string => text?.toLowerCase() ?? '';

/** MAC addresses that a `<vm>` has, in lower case. */
function macsOf(element: XmlElement): string[] {
  return [element, ...element.all('vif')].map((each) => lower(each.get('mac'))).filter((mac) => mac !== '');
}

const sameUuid: Sameness = ({ element }, { machine: { uuid } }) =>
  uuid !== '' && lower(element.get('uuid')) === uuid;

const sameContainer: Sameness = ({ element }, { machine: { name, aliases } }) => {
  const container = element.get('container');
  return container !== undefined && [name, ...aliases].includes(container);
};

const sameMac: Sameness = ({ element }, { machine: { vifs } }) => {
  const macs = macsOf(element);
  return vifs.some(({ mac }) => mac !== '' && macs.includes(mac));
};

/** A file that says by what else a machine is known means that one alone. */
const sameName: Sameness = ({ element }, { machine: { name, uuid } }) => {
  const isOther = uuid !== '' && element.get('uuid') !== undefined && lower(element.get('uuid')) !== uuid;
  return (
    !isOther &&
    element.get('container') === undefined &&
    [name, vagrantName(name)].includes(element.get('name'))
  );
};

const here =
  (same: Sameness): Sameness =>
  (written, found) =>
    written.host.is(found.host) && same(written, found);

/** From what tells machines best to what tells them least. */
const SAMENESSES: readonly Sameness[] = [
  ...[sameUuid, here(sameContainer), here(sameMac), sameMac],
  ...[here(sameName), sameContainer, sameName],
];

/** Which `<vm>` of a file each machine is; those that are none of the file are not in the answer. */
export function matchMachines(
  written: readonly WrittenMachine[],
  found: readonly FoundMachine[],
): Map<FoundMachine, WrittenMachine> {
  const matches = new Map<FoundMachine, WrittenMachine>();
  const used = new Set<WrittenMachine>();
  for (const same of SAMENESSES) {
    for (const one of found) {
      if (matches.has(one)) continue;
      const match = written.find((each) => !used.has(each) && same(each, one));
      if (match === undefined) continue;
      matches.set(one, match);
      used.add(match);
    }
  }
  return matches;
}
