import { expect } from 'chai';
import { keptFromJson } from '../../../src/agent/host/kept-originals.js';

const QDISC = { vif: 'vif1.0', ifindex: 4, kind: 'tbf', handle: '7:', remake: 'rate 8000bit burst 5003' };

describe('keptFromJson', () => {
  it('reads what is kept', () => {
    const machine = {
      machine: 'vm1',
      forwarding: { 4: false, 6: false },
      redirects: { all: true, eth0: true },
      mtus: [{ dev: 'eth0', mtu: 1500 }],
    };
    const kept = { boot: 'b', bridgeNetfilter: { 4: true, 6: false }, qdiscs: [QDISC], machines: [machine] };
    expect(keptFromJson(JSON.parse(JSON.stringify(kept)))).to.deep.equal(kept);
    // An older agent kept nothing of machines.
    expect(keptFromJson({ boot: 'b', qdiscs: [] })).to.deep.equal({ boot: 'b', qdiscs: [], machines: [] });
  });

  for (const [name, json] of Object.entries({
    'no object': [],
    'no boot': { qdiscs: [] },
    'a sysctl that is no switch': { boot: 'b', qdiscs: [], bridgeNetfilter: { 4: '1', 6: '1' } },
    'a vif that is another word': { boot: 'b', qdiscs: [{ ...QDISC, vif: 'v root' }] },
    'a kind that is another word': { boot: 'b', qdiscs: [{ ...QDISC, kind: 'tbf x' }] },
    'a handle that is none': { boot: 'b', qdiscs: [{ ...QDISC, handle: '7: x' }] },
    'options of another line': {
      boot: 'b',
      qdiscs: [{ ...QDISC, remake: 'rate 1bit\nqdisc del dev lo root' }],
    },
    'a machine that is another word': {
      boot: 'b',
      qdiscs: [],
      machines: [{ machine: 'vm1 -w', mtus: [] }],
    },
    'an MTU that is no number': {
      boot: 'b',
      qdiscs: [],
      machines: [{ machine: 'vm1', mtus: [{ dev: 'eth0', mtu: '1 up' }] }],
    },
    'no interface number': { boot: 'b', qdiscs: [{ ...QDISC, ifindex: '4' }] },
  })) {
    it(`refuses ${name}`, () => {
      expect(() => keptFromJson(json)).to.throw('it is not what was kept of a host');
    });
  }
});
