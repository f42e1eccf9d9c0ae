import { MacAddress } from '../../units/mac-address.js';
import { generatedVifName } from '../model/generated-vif-name.js';
import { FINDS_VIFS } from '../model/host.js';
import { instancesOf } from '../model/decorators.js';
import { Vif, VirtualMachine } from '../model/virtual-machine.js';
import type { Origins } from './document.js';
import type { ElementText } from './element.js';
import type { Findings } from './findings.js';
import { childrenNamed, plainAttributes } from './plain-attributes.js';
import type { Schema } from './schema.js';

const machineOf = instancesOf(VirtualMachine);
const vifOf = instancesOf(Vif);

/** A machine of a real file, with a vif for its `mac`, and names for vifs that have none. */
export function readMachine(
  vm: ElementText,
  host: ElementText,
  schema: Schema,
  origins: Origins,
  findings: Findings,
): VirtualMachine {
  // What was taken out, because it does not fit, is not missing.
  const isComplete = findings.errors.length === 0;
  const { mac, ...attributes } = plainAttributes(vm, schema);
  const elements = childrenNamed(vm, 'vif');
  const vifs = elements.map((vif) =>
    origins.note(vif, vifOf(named(plainAttributes(vif, schema), vif, host, findings, isComplete))),
  );
  if (mac !== undefined) {
    const bridges = childrenNamed(host, 'bridge').map((bridge) => bridge.attributes.get('name'));
    const [bridge] = bridges;
    if (elements.length > 0) {
      const hint = 'Give the MAC address to the vif element, or leave that out.';
      findings.add(vm, 'mac', 'a machine with vif elements has no mac of its own', hint);
    } else if (bridge === undefined || bridges.length > 1) {
      const hint = `Write <vif mac="${mac}" bridge="…"/> inside the machine.`;
      findings.add(
        vm,
        'mac',
        `the host has ${String(bridges.length)} bridges, so it is open which one is meant`,
        hint,
      );
    } else {
      vifs.push(origins.note(vm, vifOf(named({ mac, bridge }, vm, host, findings, isComplete))));
    }
  }
  return origins.note(vm, machineOf({ ...attributes, vifs }));
}

function named(
  vif: Record<string, string>,
  element: ElementText,
  host: ElementText,
  findings: Findings,
  isComplete: boolean,
): Record<string, string> {
  const { name, mac } = vif;
  if (name !== undefined) return vif;
  if (!isComplete) return { ...vif, name: '' };
  const hypervisor = host.attributes.get('hypervisor');
  if (hypervisor === undefined || !FINDS_VIFS.has(hypervisor)) {
    const where =
      hypervisor === undefined ? 'a host that does not say its hypervisor' : `hypervisor ${hypervisor}`;
    const hint = `Add name="…", the name of the interface on the host; it may be left out with hypervisor="kvm", "xen" or "container".`;
    findings.add(element, undefined, `with ${where} a vif needs a name`, hint);
  } else if (mac === undefined) {
    const hint = 'Add mac="…", the MAC address as the machine sees it, or name="…".';
    findings.add(element, undefined, 'a vif without a name needs a MAC address, which finds it', hint);
  }
  return { ...vif, name: mac === undefined ? '' : generatedVifName(MacAddress.parse(mac)) };
}
