import type { DiscoveredMachine, DiscoveredVif } from './discovered.js';

/** What an interface is called in messages: by its name at the host, or by its MAC address. */
export function vifLabel({ name, mac }: DiscoveredVif): string {
  if (name !== '') return mac === '' ? name : `${name} (${mac})`;
  return mac === '' ? 'an interface' : mac;
}

/** Why an interface cannot be a vif of a file, with what to do; undefined if it can. */
export function whyNoVif({ state }: DiscoveredMachine, vif: DiscoveredVif): string | undefined {
  if (vif.obstacle !== '') return vif.obstacle;
  if (vif.name === '') {
    return state === 'running'
      ? 'the host has no interface for it'
      : `the host has no interface for it while its machine is ${state}; start the machine and discover again`;
  }
  return vif.bridge === ''
    ? `it is at no bridge; attach it to one (ip link set ${vif.name} master BRIDGE) and discover again`
    : undefined;
}
