/** Three sites on two hosts: proxies pa, pb and pc, and a node of each site. */
export const REAL = `<?xml version="1.0" encoding="UTF-8"?>
<real-environment xmlns="urn:netmgr:real-environment:1" name="sabotaged">
  <credentials name="lab" user="netmgr" auth="SHA-256" priv="AES-128" from="env:NETMGR_LAB"/>
  <switch name="sw0"/>
  <host name="host1" address="172.16.0.1"><agent credentials="lab"/><bridge name="br0" uplink="eth0"/>
    <vm name="pa"><vif name="vif1.0" mac="00:16:3e:00:01:01" bridge="br0"/></vm>
    <vm name="na"><vif name="vif2.0" mac="00:16:3e:00:01:02" bridge="br0"/></vm>
    <vm name="pc"><vif name="vif3.0" mac="00:16:3e:00:03:01" bridge="br0"/></vm>
  </host>
  <host name="host2" address="172.16.0.2"><agent credentials="lab"/><bridge name="br0" uplink="eth0"/>
    <vm name="pb"><vif name="vif1.0" mac="00:16:3e:00:02:01" bridge="br0"/></vm>
    <vm name="nb"><vif name="vif2.0" mac="00:16:3e:00:02:02" bridge="br0"/></vm>
    <vm name="nc"><vif name="vif3.0" mac="00:16:3e:00:03:02" bridge="br0"/></vm>
  </host>
  <link from="host1" to="sw0"/><link from="host2" to="sw0"/>
</real-environment>
`;

/** Something to be measured on each link, in each direction, and at two nodes. */
export const VIRTUAL = `<?xml version="1.0" encoding="UTF-8"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="sabotaged">
  <site name="A" network="10.1.0.0/24 fd00:1::/64">
    <node vm="pa" address="10.1.0.1 fd00:1::1" role="proxy"/>
    <node vm="na" address="10.1.0.2 fd00:1::2"><access><sent bandwidth="3mbit"/></access></node>
  </site>
  <site name="B" network="10.2.0.0/24 fd00:2::/64">
    <node vm="pb" address="10.2.0.1 fd00:2::1" role="proxy"/>
    <node vm="nb" address="10.2.0.2 fd00:2::2"><access mtu="1400B"/></node>
  </site>
  <site name="C" network="10.3.0.0/24 fd00:3::/64">
    <node vm="pc" address="10.3.0.1 fd00:3::1" role="proxy"/>
    <node vm="nc" address="10.3.0.2 fd00:3::2"/>
  </site>
  <link from="A" to="B" bandwidth="8mbit"/>
  <link from="B" to="C" bandwidth="4mbit"/>
  <link from="A" to="C" bandwidth="2mbit"/>
</virtual-environment>
`;
