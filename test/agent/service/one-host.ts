import { setTimeout as delay } from 'node:timers/promises';

/** A real file of one host at 172.16.0.1 with two machines. @param user of its credentials, with secrets in SERVICE_… */
export const realFileOf = (
  user: string,
): string => `<real-environment xmlns="urn:netmgr:real-environment:1" name="one">
  <credentials name="c" user="${user}" auth="SHA-256" priv="AES-128" from="env:SERVICE"/>
  <switch name="sw0"/>
  <host name="host1" address="172.16.0.1" hypervisor="xen" version="3.1" memory="2560MiB" cpus="1">
    <agent port="161" credentials="c"/>
    <bridge name="xenbr0" uplink="eth0"/>
    <vm name="m1" memory="256MiB"><vif name="vif1.0" mac="00:16:3e:00:01:00" bridge="xenbr0"/></vm>
    <vm name="m2" memory="256MiB"><vif name="vif2.0" mac="00:16:3e:00:02:00" bridge="xenbr0"/></vm>
  </host>
  <link from="host1" to="sw0" bandwidth="1gbit"/>
</real-environment>`;

/** Looks until it is so; the time limit of the test ends what never is. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(50);
}
