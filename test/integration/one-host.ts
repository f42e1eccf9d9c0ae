/** The real file of one host with machines proxy1, proxy2 …, each with a vif. */
export function oneHost(machines: number): string {
  const vms = Array.from({ length: machines }, (_, i) => {
    const number = String(i + 1);
    return { name: `proxy${number}`, vif: `vif${number}.0`, mac: `00:16:3e:00:0${number}:00` };
  });
  return oneHostWith(vms);
}

/** The real file of one host with machines that have a vif each. */
export function oneHostWith(machines: readonly { name: string; vif: string; mac: string }[]): string {
  const vms = machines.map(
    ({ name, vif, mac }) => `    <vm name="${name}"><vif name="${vif}" mac="${mac}" bridge="br0"/></vm>`,
  );
  return `<?xml version="1.0"?>
<real-environment xmlns="urn:netmgr:real-environment:1" name="one-host">
  <credentials name="lab" user="netmgr" auth="SHA-256" priv="AES-128" from="env:NETMGR_LAB"/>
  <host name="host1" address="172.16.0.1" hypervisor="kvm">
    <agent credentials="lab"/>
    <bridge name="br0"/>
${vms.join('\n')}
  </host>
</real-environment>
`;
}

/** The site of one of these machines alone. */
export function siteOf(machine: number): string {
  const number = String(machine);
  return `<site name="site${number}" network="10.${number}.0.0/16"><node vm="proxy${number}" address="10.${number}.0.1" role="proxy"/></site>`;
}
