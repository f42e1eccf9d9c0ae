import type { DiscoveredChange } from '../../manager/discover/machine-changes.js';
import type { DiscoveredHost, DiscoveredVif } from '../../manager/discover/discovered.js';
import { vifLabel, whyNoVif } from '../../manager/discover/vif-words.js';
import { withoutControls } from './report-errors.js';

/** What a host has, in a line: `host1: 3 machines with 4 interfaces (1 cannot be managed), namespace`. */
export function hostText({ name, backend, machines }: DiscoveredHost): string {
  const vifs = machines.flatMap((machine) => machine.vifs.map((vif) => whyNoVif(machine, vif)));
  const odd = vifs.filter((why) => why !== undefined).length;
  const interfaces = counted(vifs.length, 'interface');
  const left = odd === 0 ? '' : ` (${String(odd)} cannot be managed)`;
  return withoutControls(
    `${name}: ${counted(machines.length, 'machine')} with ${interfaces}${left}${backend === undefined ? '' : `, ${backend}`}`,
  );
}

/** A change in a line, without its time. */
export function changeText(change: DiscoveredChange): string {
  return withoutControls(`${change.host}: ${change.machine} ${saying(change)}`);
}

function saying(change: DiscoveredChange): string {
  switch (change.change) {
    case 'came':
      return `has come (${change.state})`;
    case 'gone':
      return 'is gone';
    case 'moved':
      return `has moved here from ${change.from}`;
    case 'state':
      return `is ${change.state} (was ${change.was})`;
    case 'vifCame':
      return `has a new interface ${whereText(change.vif)}`;
    case 'vifGone':
      return `has no interface ${vifLabel(change.vif)} any more`;
    case 'vifChanged':
      return `has ${vifLabel(change.was)} as ${whereText(change.vif)} now`;
  }
}

function whereText(vif: DiscoveredVif): string {
  const at = vif.bridge === '' ? 'at no bridge' : `at ${vif.bridge}`;
  return `${vifLabel(vif)} ${at}${vif.obstacle === '' ? '' : `, which cannot be managed: ${vif.obstacle}`}`;
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
