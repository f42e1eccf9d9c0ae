import { environmentGraph } from '../../../src/manager/graph/environment-graph.js';
import type { Graph } from '../../../src/manager/graph/graph.js';
import { parseRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';
import { parseVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';

/** The graph of environments that are given as text. */
export async function graphOf(real: string, virtual?: string): Promise<Graph> {
  const { environment } = await parseRealEnvironment(real, 'real.xml');
  if (virtual === undefined) return environmentGraph(environment);
  return environmentGraph(environment, (await parseVirtualEnvironment(virtual, 'virtual.xml')).environment);
}

const HOSTS = 10;
const MACHINES = 30;
const SITES = 6;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const hex = (number: number): string => number.toString(16).padStart(2, '0');
const nameOf = (host: number, machine: number): string =>
  `vm${String(host).padStart(2, '0')}${String(machine).padStart(2, '0')}`;

/** A real and a virtual environment of 300 machines: 10 hosts behind 2 switches, and 6 sites on all of them. */
export function manyMachines(): readonly [real: string, virtual: string] {
  const hosts = range(HOSTS).map((host) => {
    const vms = range(MACHINES).map(
      (machine) =>
        `<vm name="${nameOf(host, machine)}" memory="512MiB"><vif name="vif${String(machine)}.0" mac="00:16:3e:00:${hex(host)}:${hex(machine)}" bridge="br0"/></vm>`,
    );
    return `<host name="host${String(host)}" address="172.16.0.${String(host)}" hypervisor="kvm" memory="32GiB" cpus="8"><agent credentials="lab"/><bridge name="br0" uplink="eth0"/>${vms.join('\n')}</host>`;
  });
  const wires = range(HOSTS).map(
    (host) =>
      `<link from="host${String(host)}" to="sw${String(host % 2)}" bandwidth="10gbit" latency="20us"/>`,
  );
  const real = `<real-environment xmlns="urn:netmgr:real-environment:1" name="many-testbed">
<credentials name="lab" user="netmgr" auth="SHA-256" priv="AES-128" from="env:LAB"/>
<switch name="sw0"/><switch name="sw1"/><router name="gw" address="172.16.0.254"/>
${hosts.join('\n')}
${wires.join('\n')}
<link from="sw0" to="sw1" bandwidth="40gbit"/><link from="gw" to="sw0" bandwidth="1gbit" mtu="1500B"/>
</real-environment>`;
  const sites = range(SITES).map((site) => {
    const nodes = range(HOSTS).flatMap((host) =>
      range(MACHINES / SITES).map((i) => {
        const machine = (i - 1) * SITES + site;
        const role = host === site && i === 1 ? ' role="proxy"' : '';
        return `<node vm="${nameOf(host, machine)}" address="10.${String(site)}.${String(host)}.${String(i)} fd00:${String(site)}::${hex(host)}${hex(i)}"${role}/>`;
      }),
    );
    return `<site name="site${String(site)}" network="10.${String(site)}.0.0/16 fd00:${String(site)}::/64">${nodes.join('\n')}<access bandwidth="100mbit"/></site>`;
  });
  const links = range(SITES).flatMap((from) =>
    range(SITES)
      .filter((to) => to > from && (to - from) % 2 === 1)
      .map(
        (to) =>
          `<link from="site${String(from)}" to="site${String(to)}" bandwidth="${String(from * 10)}mbit" latency="${String(to * 5)}ms"/>`,
      ),
  );
  const virtual = `<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="many">
${sites.join('\n')}
${links.join('\n')}
<link from="vm0207" to="vm0308" direction="forward" bandwidth="2mbit" loss="1%"/>
<allow from="site1/vm0101" to="site4" protocol="tcp" port="22"/>
<deny from="site2" to="any" protocol="icmp"/>
</virtual-environment>`;
  return [real, virtual];
}
