import { parseRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';
import { parseVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';
import { mergeEnvironments } from '../../../src/manager/merge/merge.js';
import { WantedNetwork } from '../../../src/manager/merge/wanted-network.js';
import type { EnvironmentComponent } from '../../../src/manager/components/environment-component.js';

/** A real environment of hosts h1, h2 … with the machines that are listed for each. */
export function realXml(hosts: readonly (readonly string[])[]): string {
  let machine = 0;
  const body = hosts.map((machines, i) => {
    const vms = machines.map((name, j) => {
      machine++;
      const mac = `00:16:3e:00:00:${machine.toString(16).padStart(2, '0')}`;
      return `<vm name="${name}"><vif name="vif${String(j + 1)}.0" mac="${mac}" bridge="br0"/></vm>`;
    });
    return `<host name="h${String(i + 1)}" address="172.16.0.${String(i + 1)}"><agent port="161" credentials="lab"/><bridge name="br0"/>${vms.join('')}</host>`;
  });
  return `<real-environment xmlns="urn:netmgr:real-environment:1" name="test"><credentials name="lab" user="netmgr" auth="SHA-256" priv="AES-128" from="env:LAB"/>${body.join('')}</real-environment>`;
}

export function virtualXml(body: string): string {
  return `<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="test">${body}</virtual-environment>`;
}

/** What two environments that are given as text want between nodes. */
export async function wantedNetwork(real: string, virtual: string): Promise<WantedNetwork> {
  const [realDocument, virtualDocument] = await Promise.all([
    parseRealEnvironment(real, 'real.xml'),
    parseVirtualEnvironment(virtual, 'virtual.xml'),
  ]);
  return new WantedNetwork(realDocument.environment, virtualDocument.environment);
}

/** Reads and merges two environments that are given as text. */
export async function merged(real: string, virtual: string): Promise<EnvironmentComponent> {
  const [realDocument, virtualDocument] = await Promise.all([
    parseRealEnvironment(real, 'real.xml'),
    parseVirtualEnvironment(virtual, 'virtual.xml'),
  ]);
  return mergeEnvironments(
    ...([realDocument.environment, virtualDocument.environment] as const),
    ...([virtualDocument.positionOf, realDocument.positionOf] as const),
  );
}
