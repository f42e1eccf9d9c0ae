import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseDomainInfo } from '../../../../src/agent/machines/libvirt/parse-domain-info.js';
import { parseDomain, parseList } from '../../../../src/agent/machines/libvirt/parse-domain.js';

const UUID = '1a0b0c0d-0000-4000-8000-000000000002';

/** libvirt 9.0's `dumpxml` of a running domain, with interfaces of two others, and of two that were not running. */
const XML = readFileSync(join(import.meta.dirname, 'domain.xml'), 'utf8');

const INFO = `Id:             2
Name:           it's "vm" <2>; é
UUID:           ${UUID}
OS Type:        hvm
State:          running
CPU(s):         1
CPU time:       0.3s
Max memory:     98304 KiB
Used memory:    65536 KiB
Persistent:     yes
Autostart:      disable
Managed save:   no
Security model: none
Security DOI:   0
Messages:       tainted: running with undesirable elevated privileges
`;

describe('what libvirt says of its domains', () => {
  it('names who runs, whatever the name', () => {
    const output = ` ${UUID} it's "vm" <2>; é\n1a0b0c0d-0000-4000-8000-000000000001   two  words \n\nerror: none\n`;
    expect(parseList(output)).to.deep.equal([
      { uuid: UUID, name: `it's "vm" <2>; é` },
      { uuid: '1a0b0c0d-0000-4000-8000-000000000001', name: '  two  words' },
    ]);
    expect(parseList('')).to.deep.equal([]);
  });

  it('has the interfaces with their taps and MAC addresses, and what stands in the way of shaping them', () => {
    const domain = parseDomain(XML);
    expect(domain).to.include({ name: `it's "vm" <2>; é`, uuid: UUID, maxCpus: 1 });
    const interfaces = domain?.interfaces ?? [];
    expect(interfaces.map(({ vif, model, mac }) => `${vif} ${model} ${mac}`)).to.deep.equal([
      'vnet0 virtio 52:54:00:11:00:02',
      ' e1000 52:54:00:11:00:03',
      'macvtap0 virtio 52:54:00:11:00:04',
      ' virtio 52:54:00:11:00:06',
      ' virtio 52:54:00:11:00:05',
    ]);
    const [bridge, user, macvtap, vhostUser, openVswitch] = interfaces.map(({ obstacle }) => obstacle);
    expect(bridge).to.equal(undefined);
    expect(user).to.match(
      /^user-mode networking has no interface in the host's kernel.*<interface type='bridge'>/,
    );
    expect(macvtap).to.match(/^macvtap passes by bridges/);
    expect(vhostUser).to.match(/^vhost-user has no interface in the host's kernel/);
    expect(openVswitch).to.match(/^a port of Open vSwitch/);
  });

  it('is nothing for a domain that is gone, and no failure for one without interfaces', () => {
    for (const text of ['', '\n', '<domain/>', '<domain><uuid>7</uuid></domain>', '<pool/>']) {
      expect(parseDomain(text), text).to.equal(undefined);
    }
    const bare = `<domain><name>a</name><uuid>${UUID}</uuid><devices><emulator/></devices></domain>`;
    expect(parseDomain(bare)).to.deep.equal({ name: 'a', uuid: UUID, interfaces: [] });
  });

  it('tells the state in the words of VM-MIB', () => {
    expect(parseDomainInfo(INFO)).to.deep.equal({
      ...{ OSType: 'hvm', adminState: 'running', operState: 'running' },
      ...{ autoStart: 'disabled', persistent: 'persistent' },
      ...{ curCpuNumber: 1, minCpuNumber: -1, cpuTime: 300_000n },
      ...{ memUnit: 1024, curMem: 65_536, minMem: -1, maxMem: 98_304 },
    });
    expect(parseDomainInfo(INFO.replace('running', 'in shutdown'))).to.include({ operState: 'shuttingdown' });
    expect(parseDomainInfo('')).to.include({ operState: 'unknown' }).and.not.have.property('adminState');
  });
});
