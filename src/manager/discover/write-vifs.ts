import type { DiscoveredMachine, DiscoveredVif } from './discovered.js';
import { vifLabel, whyNoVif } from './vif-words.js';
import type { XmlElement } from './xml-file.js';

/** How the comments begin that say what was found and is no element: the next discovery replaces them. */
export const COMMENT = 'discovered: ';

/** What belongs to one machine, host or address alone, and whose it is. */
export class Claims {
  readonly #holders = new Map<string, string>();

  /** Whether it was free before. */
  claim(what: string, holder: string): boolean {
    const held = this.#holders.get(what);
    if (held === undefined) this.#holders.set(what, holder);
    return held === undefined;
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
  /** How many the file has of the host. */
  readonly bridgeCount: number;
  /** Whether vifs of the host are found by their MAC addresses, whatever they are called. */
  readonly areFound: boolean;
  /** Hears of an interface that is no vif, and why. */
  readonly onLeftOut: (label: string, why: string) => void;
}

/** Makes the vifs of a `<vm>` those that its machine has. What people wrote of one stays. */
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
  const written: { readonly vif: DiscoveredVif; readonly element: XmlElement | undefined }[] = [];
  const comments: string[] = [];
  for (const { vif, element } of known) {
    const why = whyNoVif(machine, vif) ?? contradiction(vif, context);
    if (why === undefined) {
      written.push({ vif, element });
      continue;
    }
    element?.remove();
    context.onLeftOut(vifLabel(vif), why);
    comments.push(`${COMMENT}${vifLabel(vif)} is left out: ${why}`);
  }
  // One that does not run has its interfaces again when it does.
  if (machine.vifs.length > 0) {
    for (const element of left) element.remove();
    if (!isShorthand(vm, written, context)) {
      vm.unset('mac');
      for (const { vif, element } of written) writeVif(vm, vif, element, context);
    }
  }
  // Behind all vifs, as they are found again.
  for (const comment of comments) vm.comment(comment);
}

/** Whether the `mac` of a `<vm>` says all there is to say. */
function isShorthand(
  vm: XmlElement,
  written: readonly { readonly vif: DiscoveredVif }[],
  { bridgeCount }: VifContext,
): boolean {
  const [only, second] = written;
  return (
    second === undefined &&
    bridgeCount === 1 &&
    only !== undefined &&
    vm.get('mac')?.toLowerCase() === only.vif.mac
  );
}

function writeVif(
  vm: XmlElement,
  { name, mac, bridge }: DiscoveredVif,
  element: XmlElement | undefined,
  { areFound }: VifContext,
): void {
  // Its name would be another one the next time.
  const isFound = areFound && mac !== '';
  const attributes = { name: isFound ? undefined : name, mac: mac === '' ? undefined : mac, bridge };
  if (element === undefined) vm.add('vif', attributes);
  else element.set(attributes);
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
