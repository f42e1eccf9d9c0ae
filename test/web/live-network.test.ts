import { expect } from 'chai';
import { NetmgrError } from '../../src/errors.js';
import type { Manager } from '../../src/manager/manager.js';
import { detailsOf } from '../../src/web/view/details/details.js';
import { LiveNetwork } from '../../src/web/view/live-network.js';
import type { NetworkView } from '../../src/web/wire/network-view.js';
import { generatedManager, generatedState, LINK_BANDWIDTH, type Oddities } from './generated-network.js';

const INTERVAL = 1000;
const START = Date.UTC(2026, 0, 1);

describe('what the page shows', () => {
  let manager: Manager;
  let network: LiveNetwork;

  // host1 has all of site1, host2 all of site2, and so on.
  before(async () => (manager = await generatedManager({ sites: 3, machinesPerSite: 3, hosts: 3 })));
  beforeEach(() => (network = new LiveNetwork(manager, INTERVAL)));

  const take = (second = 0, oddities: Oddities = {}): NetworkView =>
    network.take(generatedState(manager, new Date(START + second * 1000), oddities));
  const silent = new Map([
    [
      'host2',
      { name: 'host2', errors: [new NetmgrError({ kind: 'Unreachable', message: 'no answer in 20 s' })] },
    ],
  ]);
  const pair = ({ pairs }: NetworkView, id = 'pair:site:site1 site:site2') =>
    pairs.find((one) => one.id === id);

  it('is all machines by sites and hosts, and nothing wrong where nothing is', () => {
    const { map } = network;
    expect(map.machines).to.have.lengthOf(9);
    expect(map.machines[4]).to.deep.equal({
      ...{ id: 'vif:host2/vif2.0', name: 's2-vm2', role: 'node', site: 'site:site2', host: 'host:host2' },
    });
    const view = take();
    expect(view.machines.map(({ health }) => health)).to.deep.equal(Array(9).fill('good'));
    expect(view.pairs.filter(({ id }) => id.startsWith('pair:site:'))).to.have.lengthOf(3);
    expect(view.pairs.filter(({ id }) => id.startsWith('pair:host:'))).to.have.lengthOf(3);
    expect(view).to.deep.include({ problems: [], problemCount: 0 });
    expect(pair(view)?.forth).to.include({ links: 1, health: 'good', comparison: 'configured' });
  });

  it('is what passes, each way, of what may', () => {
    const shareOf = (from: string, to: string): number =>
      from === 'site1/s1-vm1' && to === 'site2/s2-vm1' ? 0.9 : 0;
    const view = take(0, { shareOf });
    // The addresses of a sender share a class: its rate counts once.
    expect(pair(view)?.forth).to.include({ rate: 0.9 * LINK_BANDWIDTH, utilisation: 0.9 });
    expect(pair(view)?.back).to.include({ rate: 0, utilisation: 0 });
    expect(pair(view, 'pair:host:host1 host:host2')?.forth).to.include({ utilisation: 0.9 });
    expect(view.machines[0]).to.include({ sends: 0.9 * LINK_BANDWIDTH, receives: 0 });
    expect(view.machines[3]).to.include({ sends: 0, receives: 0.9 * LINK_BANDWIDTH });
  });

  it('tells a drift, and the machine that has it', () => {
    const view = take(0, { drifted: new Set(['site3/s3-vm2']) });
    expect(view.machines.filter(({ health }) => health === 'failing').map(({ id }) => id)).to.deep.equal([
      'vif:host3/vif2.0',
    ]);
    expect(view.problems).to.deep.equal([
      {
        ...{ id: 'vif:host3/vif2.0', subject: 'site3/s3-vm2' },
        text: "vif2.0 should have netmgr's root qdisc, and has not",
      },
    ]);
    expect(detailsOf(network, 'host:host3')).to.include({ health: 'failing' });
    expect(detailsOf(network, 'vif:host3/vif2.0')?.problems).to.have.lengthOf(1);
    expect(take(1).problems).to.deep.equal([]);
  });

  it('keeps what a host said last, and says that it is stale', () => {
    take(0, { shareOf: () => 0.5 });
    const view = take(2, { silent, shareOf: () => 0.5 });
    expect(view.hosts[1]).to.include({ answers: 'no', isStale: true, age: 2000 });
    expect(view.machines.slice(3, 6)).to.deep.equal(
      [1, 2, 3].map((vif) => ({ id: `vif:host2/vif${String(vif)}.0`, health: 'stale' })),
    );
    // What host2 receives is not known any more; what it sends, others say.
    expect(pair(view)?.forth).to.include({ health: 'stale' }).and.not.have.any.keys('rate', 'utilisation');
    expect(pair(view)?.back).to.include({ health: 'good', utilisation: 0.5 });
    expect(view.problems.map(({ id, text }) => [id, text])).to.deep.equal([
      ['host:host2', 'does not answer: no answer in 20 s'],
    ]);
    expect(take(3).hosts[1]).to.include({ answers: 'yes', isStale: false, age: 0 });
  });

  it('does not take for new what an agent that hangs said before', () => {
    const statsTime = (host: string): number => (host === 'host2' ? 7 : START);
    expect(take(0, { statsTime }).hosts[1]).to.include({ isStale: false });
    expect(take(4, { statsTime }).hosts[1]).to.include({ isStale: false, age: 4000 });
    const view = take(6, { statsTime });
    expect(view.hosts[1]).to.include({ answers: 'yes', isStale: true, age: 6000 });
    expect(view.problems.map(({ id }) => id)).to.include('host:host2');
  });

  it('says which hosts were never heard of', () => {
    const view = take(0, { silent });
    expect(view.hosts[1]).to.deep.equal({ id: 'host:host2', answers: 'no', isStale: false, drift: 0 });
    expect(view.machines[4]).to.deep.equal({ id: 'vif:host2/vif2.0', health: 'unknown' });
  });

  it('compares what is in force with what was asked', () => {
    const view = take(0, {
      change: (row, from, to) =>
        from === 'site1/s1-vm1' && to === 'site2/s2-vm1' ? { ...row, latency: row.latency + 1 } : row,
    });
    expect(pair(view)?.forth).to.include({ comparison: 'differs', health: 'good' });
    expect(pair(view)?.back).to.include({ comparison: 'configured' });
    const link = detailsOf(network, 'link:vif:host1/vif1.0 vif:host2/vif1.0');
    expect(link?.values.filter(({ differs }) => differs)).to.deep.equal([
      { name: 'latency, one way', configured: '8ms', inForce: '8001us', differs: true },
    ]);
  });

  for (const [what, probe, comparison] of [
    ['all that was asked', { probeReceived: 10, probeRttAvg: 16_300, probeBandwidth: 9560 }, 'measured'],
    ['too much latency', { probeReceived: 10, probeRttAvg: 30_000 }, 'differs'],
    ['too little latency', { probeReceived: 10, probeRttAvg: 8000 }, 'differs'],
    ['too little bandwidth', { probeBandwidth: 5000 }, 'differs'],
    ['too much bandwidth', { probeBandwidth: 20_000 }, 'differs'],
    ['that no echo came back', { probeReceived: 0 }, 'differs'],
  ] as const) {
    it(`compares with probes that found ${what}`, () => {
      // Of one of a sender's addresses alone, as probes are.
      const view = take(0, {
        change: (row, from, to) =>
          from === 'site1/s1-vm1' && to === 'site2/s2-vm1' && row.peer === '10.1.0.1'
            ? { ...row, probeTime: 9, probeSent: 10, ...probe }
            : row,
      });
      expect(pair(view)?.forth).to.include({ comparison });
    });
  }

  it('says of a host that it runs something else than the files say', async () => {
    const other = await generatedManager({ sites: 3, machinesPerSite: 3, hosts: 3 });
    const state = generatedState(other, new Date(START));
    const [first] = state.hosts;
    if (first === undefined || 'errors' in first) throw new Error('no host');
    const cfg = { ...first.cfg, runningDigest: Buffer.alloc(32), runningLabel: 'others' };
    const view = network.take({ ...state, hosts: [{ ...first, cfg }, ...state.hosts.slice(1)] });
    expect(view.problems.map(({ text }) => text)).to.deep.equal([
      'runs "others", or something else than the files say: apply them',
    ]);
  });

  it('has the last minutes of each thing', () => {
    for (let second = 0; second < 5; second++) take(second, { shareOf: () => second / 10 });
    const link = detailsOf(network, 'link:vif:host1/vif1.0 vif:host2/vif1.0')?.history;
    expect(link?.times).to.deep.equal([0, 1, 2, 3, 4].map((second) => START + second * 1000));
    expect(link?.series[0]?.rates).to.deep.equal([0, 1e6, 2e6, 3e6, 4e6]);
    expect(link?.limit).to.equal(LINK_BANDWIDTH);
    for (const id of ['vif:host1/vif1.0', 'host:host1', 'site:site1']) {
      const { series = [] } = detailsOf(network, id)?.history ?? {};
      expect(
        series.map(({ rates }) => rates.at(-1)),
        id,
      ).to.deep.equal([8e6, 8e6]);
    }
  });

  it('has details of all that it names, and of nothing else', () => {
    const view = take();
    const ids = [
      ...network.map.groups.map(({ id }) => id),
      ...network.map.machines.map(({ id }) => id),
      ...view.pairs.map(({ id }) => id),
      ...network.links.keys(),
    ];
    for (const id of ids) {
      const details = detailsOf(network, id);
      expect(details?.id).to.equal(id);
      for (const link of details?.links ?? []) expect(network.links.has(link.id)).to.equal(true);
    }
    expect(detailsOf(network, 'pair:site:site1 site:site2')?.links).to.have.lengthOf(2);
    expect(detailsOf(network, 'vif:host1/vif1.0')?.links).to.have.lengthOf(4);
    expect(detailsOf(network, 'vif:host1/vif9.0')).to.equal(undefined);
    expect(detailsOf(network, '__proto__')).to.equal(undefined);
  });

  it('is of the hosts alone without a virtual environment', () => {
    const { real, environment } = manager;
    const bare = new LiveNetwork({ real, environment, virtual: undefined }, INTERVAL);
    expect(bare.map).to.deep.include({ name: 'made-up', hasSites: false });
    expect(bare.map.groups.map(({ kind }) => kind)).to.deep.equal(['host', 'host', 'host']);
    const state = generatedState(manager, new Date(START));
    const unnamed = state.links.map((link) => ({ ...link, from: undefined, to: undefined }));
    const view = bare.take({ ...state, links: unnamed });
    expect(view.problems).to.deep.equal([]);
    expect(detailsOf(bare, 'vif:host1/vif1.0')?.links.map(({ name }) => name)).to.include(
      '10.2.0.1 → host1 vif1.0',
    );
  });
});
