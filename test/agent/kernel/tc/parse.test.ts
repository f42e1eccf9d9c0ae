import { expect } from 'chai';
import { leafOf } from '../../../../src/agent/kernel/tc/expand.js';
import { parseTc } from '../../../../src/agent/kernel/tc/parse.js';
import { readFixture } from '../fixture.js';

describe('parseTc', () => {
  it('reads every object of a vif with netem, tbf, both IP versions and a redirect', async () => {
    const { devices, counters } = parseTc(await readFixture('tc-read.txt'), ['v0', 'v1']);
    const device = devices.get('v0');
    if (device === undefined) throw new Error('v0 was not read');
    expect(device.root).to.equal(true);
    expect([...device.classes.keys()].sort()).to.deep.equal([0x1, 0x10, 0x11, 0x12, 0x13, 0x2].sort());
    expect(device.classes.get(1)).to.deep.equal({ parent: 0, rate: 1e11, ceil: 1e11 });
    expect(device.classes.get(0x12)).to.deep.equal({ parent: 1, rate: 1000, ceil: 1e11 });
    expect(leafOf(device, 0x10)).to.deep.equal({ tbf: { rate: 1e6, burst: 4000, limit: 100_000 } });
    expect(leafOf(device, 0x12)).to.deep.equal({
      netem: { latency: 20_000, limit: 1000 },
      tbf: { rate: 2e6, burst: 6056, limit: 20_000 },
    });
    expect(device.filters.map((f) => [f.network.toString(), f.classMinor, f.handle]).sort()).to.deep.equal([
      ['0.0.0.0/0', 0x11, '21::800'],
      ['10.1.0.1/32', 0x10, '110:1:800'],
      ['10.1.0.2/32', 0x11, '110:2:800'],
      ['fd00::1/128', 0x11, '300:1:800'],
    ]);
    const tables = [0x1, 0x21, 0x40, 0xd0, 0x110, 0x200, 0x300];
    expect([...(device.hash?.tables ?? [])].sort((a, b) => a - b)).to.deep.equal(tables);
    expect([...(device.hash?.links ?? [])].sort((a, b) => a - b)).to.deep.equal(tables);
    // A prefix of 35 bits in a table of whole addresses is somebody else's.
    expect(device.strangeFilters).to.deep.equal([{ protocol: 'all', priority: 100, handle: '40::801' }]);
    expect(device.ingress).to.equal(true);
    expect(device.redirect).to.equal('800::800');
    expect(device.tx).to.deep.equal({ rate: 5e6, burst: 10_000, limit: 50_000 });
    expect(device.foreign).to.deep.equal([]);
    expect([...(counters.get('v0')?.classes.keys() ?? [])]).to.include.members([0x2, 0x10, 0x12]);
    expect(counters.get('v0')?.tx?.packets).to.satisfy((packets: bigint) => packets > 0n);
  });

  it('sees nothing of ours on a vif without', async () => {
    const { devices } = parseTc(await readFixture('tc-read.txt'), ['v0', 'v1']);
    expect(devices.get('v1')).to.deep.equal({
      vif: 'v1',
      root: false,
      classes: new Map(),
      qdiscs: [],
      filters: [],
      ingress: false,
      redirect: false,
      foreign: [],
    });
  });

  it('says so when the output is of another form', () => {
    expect(() => parseTc('qdisc noqueue 0: dev lo', ['v0']))
      .to.throw('form')
      .with.property('kind', 'Bug');
  });
});
