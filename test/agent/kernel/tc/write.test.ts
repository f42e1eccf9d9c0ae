import { expect } from 'chai';
import fc from 'fast-check';
import { expandTree } from '../../../../src/agent/kernel/tc/expand.js';
import { ifbName } from '../../../../src/agent/kernel/tc/ifb-name.js';
import { UNLIMITED, type TcState } from '../../../../src/agent/kernel/tc/model.js';
import { printedRate } from '../../../../src/agent/kernel/tc/same.js';
import { writeTc } from '../../../../src/agent/kernel/tc/write.js';
import { IpNetwork } from '../../../../src/units/ip-network.js';
import { tree } from './trees.js';

const plain = { vif: 'v0', parent: UNLIMITED, default: {}, classes: new Map(), filters: [] };

describe('writeTc', () => {
  it('writes nothing when nothing differs', () => {
    fc.assert(
      fc.property(tree('vif1.0', true), (wanted) => {
        const state = new Map([[wanted.vif, expandTree(wanted)]]);
        expect(writeTc(state, state)).to.equal('');
      }),
    );
  });

  it('writes the layout from nothing', () => {
    const tbf = { rate: 1_000_000, burst: 6056, limit: 20_000 };
    const wanted = {
      ...plain,
      classes: new Map([[0x10, { tbf, netem: { latency: 20_000, limit: 1000 } }]]),
      filters: [{ network: IpNetwork.parse('10.1.0.0/16'), classMinor: 0x10 }],
    };
    expect(writeTc(new Map(), new Map([['v0', expandTree(wanted)]])).split('\n')).to.deep.equal([
      'qdisc add dev v0 root handle 4e4d: htb default 2 r2q 10',
      'class add dev v0 parent 4e4d: classid 4e4d:1 htb rate 100000000000bit ceil 100000000000bit burst 1048576 cburst 1048576 quantum 60000',
      'class add dev v0 parent 4e4d:1 classid 4e4d:2 htb rate 100000000000bit ceil 100000000000bit burst 1048576 cburst 1048576 quantum 60000',
      'class add dev v0 parent 4e4d:1 classid 4e4d:10 htb rate 100000000000bit ceil 100000000000bit burst 1048576 cburst 1048576 quantum 60000',
      'qdisc add dev v0 parent 4e4d:10 handle 10: netem delay 20000us limit 1000',
      'qdisc add dev v0 parent 10:1 handle 4010: tbf rate 1000000bit burst 6056 limit 20000',
      'filter add dev v0 parent 4e4d: protocol all prio 100 handle 11: u32 divisor 256',
      'filter add dev v0 parent 4e4d: protocol all prio 100 u32 ht 11:1: match ip src 10.1.0.0/16 flowid 4e4d:10',
      'filter add dev v0 parent 4e4d: protocol all prio 100 handle ::11 u32 match u16 0x800 0xffff at -2 hashkey mask 0xff0000 at 12 link 11:',
      '',
    ]);
  });

  it('touches one filter for one peer more or less', () => {
    const to = (...peers: string[]): TcState => {
      const filters = peers.map((text) => ({ network: IpNetwork.parse(text), classMinor: 2, handle: text }));
      return new Map([['v0', expandTree({ ...plain, filters })]]);
    };
    const few = to('10.1.0.1/32', '10.1.0.2/32', 'fd00:1::1/128');
    const more = to('10.1.0.1/32', '10.1.0.2/32', 'fd00:1::1/128', '10.1.0.3/32', 'fd00:1::2/128');
    expect(writeTc(few, more).split('\n')).to.deep.equal([
      'filter add dev v0 parent 4e4d: protocol all prio 100 u32 ht 110:3: match ip src 10.1.0.3/32 flowid 4e4d:2',
      'filter add dev v0 parent 4e4d: protocol all prio 100 u32 ht 340:2: match ip6 src fd00:1::2/128 flowid 4e4d:2',
      '',
    ]);
    expect(writeTc(more, few).split('\n')).to.deep.equal([
      'filter del dev v0 parent 4e4d: protocol all prio 100 handle 10.1.0.3/32 u32',
      'filter del dev v0 parent 4e4d: protocol all prio 100 handle fd00:1::2/128 u32',
      '',
    ]);
  });

  it('never writes a name that could be more than a name', () => {
    const bad = new Map([['v0 root', expandTree({ ...plain, vif: 'v0 root' })]]);
    expect(() => writeTc(new Map(), bad))
      .to.throw('interface name')
      .with.property('kind', 'InvalidInput');
    expect(() => ifbName('a\nqdisc del')).to.throw('interface name');
  });

  it('knows the rates that tc prints', () => {
    expect([12_345_678, 1_000_000, 1_234_567_000, 8, 100_000_000_000].map(printedRate)).to.deep.equal([
      12_345_000, 1_000_000, 1_234_000_000, 8, 100_000_000_000,
    ]);
  });

  it('names each IFB within 15 characters, always the same', () => {
    expect(ifbName('vif1.0')).to.match(/^nm-[0-9a-f]{12}$/);
    expect(ifbName('vif1.0')).to.equal(ifbName('vif1.0')).and.not.to.equal(ifbName('vif1.1'));
  });
});
