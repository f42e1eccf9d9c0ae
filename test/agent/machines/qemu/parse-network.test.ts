import { expect } from 'chai';
import { parseNetwork } from '../../../../src/agent/machines/qemu/parse-network.js';

/** What QEMU 7.2 says of six interfaces, the last of which is connected with nothing. */
const SAID = [
  'hub 0',
  ' \\ n4: virtio-net-pci.3: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:12:00:05',
  'virtio-net-pci.0: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:12:00:01',
  ' \\ n0: index=0,type=tap,ifname=vif1.0,script=no,downscript=no',
  'e1000.0: index=0,type=nic,model=e1000,macaddr=52:54:00:12:00:02',
  ' \\ n1: index=0,type=user,net=10.0.2.0,restrict=off',
  'nfd: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:12:00:03',
  ' \\ n2: index=0,type=tap,fd=3',
  'virtio-net-pci.2: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:12:00:04',
  ' \\ n3: index=0,type=stream,',
  'virtio-net-pci.4: index=0,type=nic,model=virtio-net-pci,macaddr=52:54:00:12:00:06',
  '',
].join('\r\n');

describe("what QEMU's monitor says of the interfaces of its machine", () => {
  it('has their taps and MAC addresses, and what stands in the way of shaping them', () => {
    const found = parseNetwork(SAID);
    expect(found.map(({ vif, model, mac }) => `${vif} ${model} ${mac}`)).to.deep.equal([
      'vif1.0 virtio-net-pci 52:54:00:12:00:01',
      ' e1000 52:54:00:12:00:02',
      ' virtio-net-pci 52:54:00:12:00:03',
      ' virtio-net-pci 52:54:00:12:00:04',
      ' virtio-net-pci 52:54:00:12:00:05',
      ' virtio-net-pci 52:54:00:12:00:06',
    ]);
    const [tap, user, open, stream, hub, nothing] = found.map(({ obstacle }) => obstacle);
    expect(tap).to.equal(undefined);
    expect(user).to.match(/^user-mode networking has no interface in the host's kernel/);
    expect(open).to.match(/^QEMU was given its tap open.*ifname=NAME/);
    expect(stream).to.match(/^a stream socket has no interface/);
    expect(hub).to.match(/^QEMU's own hub passes by bridges/);
    expect(nothing).to.match(/^it is connected with nothing/);
  });

  it('is nothing where there is none, and what it does not know is no failure', () => {
    expect(parseNetwork('')).to.deep.equal([]);
    expect(parseNetwork('no such command\r\n')).to.deep.equal([]);
    const odd = 'n: index=0,type=nic,model=x,macaddr=52:54:00:12:00:01\r\n \\ o: index=0,type=new,a=b\r\n';
    expect(parseNetwork(odd)[0]?.obstacle).to.match(/does not tell what it is connected with \(new\)/);
    const vhost = odd.replace('type=new,a=b', 'type=vhost-user');
    expect(parseNetwork(vhost)[0]?.obstacle).to.match(/^vhost-user has no interface/);
  });
});
