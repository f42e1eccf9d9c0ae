import { expect } from 'chai';
import { attachmentOf } from '../../../src/agent/host/attachment.js';
import { locateByMachine } from '../../../src/agent/host/locate-vifs.js';
import { defaultsOf } from '../../../src/mib/table.js';
import { vifTable, type VifRow } from '../../../src/mib/vif-table.js';

describe('how the interface of a machine is attached', () => {
  it('stands in no way at a Linux bridge, or at none', () => {
    expect(attachmentOf('vnet0', { master: 'br0' }, [])).to.deep.equal({ bridge: 'br0', obstacle: '' });
    expect(attachmentOf('vnet0', {}, [])).to.deep.equal({ bridge: '', obstacle: '' });
    expect(attachmentOf('', undefined, [])).to.deep.equal({ bridge: '', obstacle: '' });
  });

  it('stands in the way at Open vSwitch, with the kernel’s datapath or its own, with what to do', () => {
    const kernel = attachmentOf('vnet0', { master: 'ovs-system' }, []);
    expect(kernel.bridge).to.equal('');
    const own = attachmentOf('vnet0', {}, [{ name: 'ovs0', ports: ['vnet0'] }]);
    expect(own.bridge).to.equal('ovs0');
    for (const { obstacle } of [kernel, own]) {
      expect(obstacle).to.contain('attach it to a Linux bridge');
      expect(Buffer.byteLength(obstacle)).to.be.lessThan(256);
    }
  });

  it('stands in the way with a name that is none of ours', () => {
    expect(attachmentOf('v&if', { master: 'br0' }, []).obstacle).to.contain('rename it');
  });

  it('keeps a vif from being located, whether the kernel has an interface of it or not', () => {
    const row = {
      ...(defaultsOf(vifTable) as VifRow),
      vif: 'v0',
      vmName: 'a',
      macAddress: '02:00:00:00:00:01',
    };
    for (const vif of ['', 'macvtap0']) {
      const one = { vif, model: '', mac: row.macAddress, obstacle: 'is passed through' };
      const { away, places } = locateByMachine([row], [{ name: 'a', aliases: [], interfaces: [one] }]);
      expect(away.map(({ why }) => why)).to.deep.equal(['is passed through']);
      expect(places.size).to.equal(0);
    }
  });
});
