import type { DiscoveredMachine, DiscoveredVif } from './discovered.js';
import { vifLabel, whyNoVif } from './vif-words.js';
import type { XmlElement } from './xml-file.js';

/** How the comments begin that say what was found and is no element: the next discovery replaces them. */
export const COMMENT = 'discovered: ';

/** What belongs to one machine, host or address alone, and whose it is. */
export class Claims {
  readonly #holders = new Map<string, string>();

  /** Whether it was free, or the holder's own, before. */
  claim(what: string, holder: string): boolean {
    const held = this.#holders.get(what);
    if (held === undefined) this.#holders.set(what, holder);
    return held === undefined || held === holder;
  }

  /** Whose it is. */
  of(what: string): string | undefined {
    return this.#holders.get(what);
  }
}

export interface VifContext {
  /** The name of the machine in the file. */
  readonly vm: string;
  readonly macs: Claims;
  /** Of the host. */
  readonly interfaces: Claims;
  /** Those of the host that are Linux's. */
  readonly bridges: ReadonlySet<string>;
  /** Hears of an interface that is no vif, and why. */
  readonly onLeftOut: (label: string, why: string) => void;
}

/** Makes the `<vif>`s of a `<vm>` those that its machine has. What people wrote of one stays. */
export function writeVifs(vm: XmlElement, machine: DiscoveredMachine, context: VifContext): void {
  const left = new Set(vm.all('vif'));
  const take = (isIt: (element: XmlElement) => boolean): XmlElement | undefined => {
    const found = [...left].find(isIt);
    if (found !== undefined) left.delete(found);
    return found;
  };
  const known = machine.vifs.map((vif) => ({
    vif,
    element:
      take((each) => vif.mac !== '' && each.get('mac')?.toLowerCase() === vif.mac) ??
      take((each) => vif.name !== '' && each.get('name') === vif.name),
  }));
  const comments: string[] = [];
  for (const { vif, element } of known) {
    const why = whyNoVif(machine, vif) ?? contradiction(vif, context);
    if (why !== undefined) {
      element?.remove();
      context.onLeftOut(vifLabel(vif), why);
      comments.push(`${COMMENT}${vifLabel(vif)} is left out: ${why}`);
      continue;
    }
    const attributes = { name: vif.name, mac: vif.mac === '' ? undefined : vif.mac, bridge: vif.bridge };
    if (element === undefined) vm.add('vif', attributes);
    else element.set(attributes);
  }
  // Behind all vifs, as they are found again.
  for (const comment of comments) vm.comment(comment);
  // One that does not run has its interfaces again when it does.
  if (machine.vifs.length > 0) for (const element of left) element.remove();
}

/** Why a vif would contradict the rest of the file. */
function contradiction(
  { name, mac, bridge }: DiscoveredVif,
  { vm, macs, interfaces, bridges }: VifContext,
): string | undefined {
  if (!bridges.has(bridge)) return `it is at ${bridge}, which is no Linux bridge; attach it to one`;
  const own = `${vm}/${name}`;
  if (mac !== '' && !macs.claim(mac, own)) {
    return `${macs.of(mac) ?? ''} has the MAC address ${mac}, too; give one of them another`;
  }
  return interfaces.claim(name, own) ? undefined : `${interfaces.of(name) ?? ''} is the same interface`;
}
