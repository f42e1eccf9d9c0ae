import { ifbName } from '../../../src/agent/kernel/tc/ifb-name.js';
import { run } from '../../../src/process/run.js';
import { dumpKernel, withoutNumbers, type Dump } from '../../integration/kernel-dump.js';
import { GUESTS, HOST_NAMES, type HostName } from './grid-files.js';
import type { LibvirtGrid } from './libvirt-grid.js';

const INSIDE = 'ip -o address show dev eth0; ip -4 route show table all; ip -6 route show table all';

/**
 * What the kernels of both hosts and of all guests have, with the name of a guest in place of its tap's and `ifb of` it in place of
 * its IFB's: whatever is left of a tap that is gone has a name that is not in the next dump.
 */
export async function dumpGrid(grid: LibvirtGrid): Promise<Dump> {
  const hosts = { run: async (...argv: readonly [string, ...string[]]) => (await run(argv)).stdout };
  const enter = (name: string): readonly [string, ...string[]] =>
    grid.hosts[name as HostName].libvirt.host.enter;
  const dump = withoutNumbers(await dumpKernel(hosts, HOST_NAMES, [], enter), HOST_NAMES);
  const sections: [string, readonly string[]][] = [];
  for (const name of HOST_NAMES) {
    const rename = await renaming(grid, name);
    const links = await grid.hosts[name].libvirt.host.links();
    sections.push([`${name}: interfaces`, links.map((link) => rename(link.name)).sort()]);
    for (const [command, lines] of Object.entries(dump)) {
      if (!command.startsWith(`${name}: `)) continue;
      const text = rename(lines.join('\n'));
      sections.push([
        rename(command),
        (command.includes(': nft ') ? oneElementALine(text) : text).split('\n').sort(),
      ]);
    }
  }
  for (const guest of GUESTS) {
    const { stdout } = await grid.inside(guest)(['sh', '-c', INSIDE]);
    sections.push([
      guest.name,
      stdout
        .replace(/ (valid|preferred)_lft \w+/g, '')
        .split('\n')
        .sort(),
    ]);
  }
  return Object.fromEntries(sections);
}

/** What puts the names of guests in place of those of their interfaces at a host. */
async function renaming(grid: LibvirtGrid, host: HostName): Promise<(text: string) => string> {
  const names = new Map<string, string>();
  const machines = await grid.hosts[host].driver.list(await grid.hosts[host].libvirt.host.links());
  for (const { name, interfaces } of machines) {
    for (const { vif } of interfaces) names.set(vif, name).set(ifbName(vif), `ifb of ${name}`);
  }
  return (text) =>
    text
      .replace(/\b(vnet\d+|nm-[0-9a-f]{12})\b/g, (name) => names.get(name) ?? name)
      // libvirt's own, whose handle the kernel chose.
      .replace(/noqueue [0-9a-f]+:/g, 'noqueue H:');
}

/** nft(8) puts as many into a line as have room, in the order of their hashes. Lines of a dump stand in any order, so what is asked is which there are. */
const oneElementALine = (text: string): string =>
  text
    .replace(/elements = \{|[{}]/g, '')
    .split(/[\n,]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .join('\n');
