import { expect } from 'chai';
import { buildNftTable } from '../../../../src/agent/kernel/nft/build.js';
import type { Hold } from '../../../../src/agent/kernel/nft/hold.js';
import { applyNft, readNft } from '../../../../src/agent/kernel/nft/read.js';
import { writeNft } from '../../../../src/agent/kernel/nft/write.js';
import { isolation, eachWithBridgedMachines, VIFS } from '../bridged-machines.js';
import type { Scratch } from '../scratch.js';

describe('a machine whose place is not known yet', function () {
  this.timeout(60_000);
  let host: Scratch;
  let machines: Scratch[];

  eachWithBridgedMachines((made) => ({ host, machines } = made));

  const macs = VIFS.flatMap(({ mac }) => mac ?? []);
  const hold = (known: number, more: Partial<Hold> = {}): Hold => ({
    prefixes: ['vif'],
    macs,
    places: VIFS.slice(0, known).map(({ vif, mac }) => ({
      device: vif,
      ...(mac === undefined ? {} : { mac }),
    })),
    awaited: [],
    ...more,
  });
  const apply = async (known: number, waiting: Hold): Promise<void> => {
    const table = buildNftTable(VIFS.slice(0, known), isolation('open'), [], waiting);
    await applyNft(host.run, (await readNft(host.run)).table, table);
    expect(writeNft((await readNft(host.run)).table, table), 'is read as it was written').to.equal('');
    for (const machine of machines) await machine.sh('ip neigh flush dev eth0');
  };
  const reaches = async (from: number, to: string): Promise<boolean> =>
    (await machines[from - 1]?.run(['ping', '-c', '1', '-W', '1', to], { accept: [0, 1, 2] }))?.exitCode ===
    0;
  const heardBy = (machine: number): Promise<string> =>
    machines[machine - 1]?.sh('ip neigh show dev eth0') ?? Promise.resolve('');

  it('sends nothing, and hears nothing that is for many, until it is', async () => {
    await apply(3, hold(3));
    expect(await reaches(4, '10.0.0.3')).to.equal(false);
    expect(await reaches(4, 'fd00::3')).to.equal(false);
    await machines[3]?.sh('ip neigh flush dev eth0');
    expect(await reaches(3, '10.0.0.4')).to.equal(false);
    expect(await heardBy(4), 'the question of 3 would teach it who asks').not.to.contain('10.0.0.3');
    expect(await reaches(1, '10.0.0.2'), 'others go on').to.equal(true);

    await apply(4, hold(4));
    expect(await reaches(4, '10.0.0.3')).to.equal(true);
    expect(await reaches(3, 'fd00::4')).to.equal(true);
  });

  it('is none that nobody configured', async () => {
    await apply(3, hold(3, { macs: macs.slice(0, 3) }));
    const [, , , stranger] = machines;
    await stranger?.sh('ip addr add 192.0.2.4/24 dev eth0');
    await host.sh('ip addr add 192.0.2.1/24 dev br0');
    expect(await reaches(4, '192.0.2.1')).to.equal(true);
  });

  it('is the interface of its name where names stay', async () => {
    await apply(3, hold(3, { prefixes: [], awaited: ['vif4.0'] }));
    expect(await reaches(4, '10.0.0.3')).to.equal(false);
    await machines[3]?.sh('ip neigh flush dev eth0');
    expect(await reaches(3, '10.0.0.4')).to.equal(false);
    expect(await heardBy(4)).not.to.contain('10.0.0.3');
  });
});
