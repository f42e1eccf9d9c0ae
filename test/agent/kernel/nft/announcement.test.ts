import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { buildNftTable } from '../../../../src/agent/kernel/nft/build.js';
import { applyNft, readNft } from '../../../../src/agent/kernel/nft/read.js';
import { writeNft } from '../../../../src/agent/kernel/nft/write.js';
import { isolation, makeBridgedMachines, VIFS } from '../bridged-machines.js';
import { makeScratch, type Scratch } from '../scratch.js';

const SEND_FRAME = fileURLToPath(new URL('../../../integration/send-frame.pl', import.meta.url));
const COUNTER = `table netdev seen {
  chain frames {
    type filter hook ingress device "eth0" priority 0;
    ether type 0x8035 counter
  }
}
`;

/** RARP as QEMU sends it to all after a migration. */
const announcement = (mac: string): string => {
  const hex = mac.replaceAll(':', '');
  return `ffffffffffff${hex}80350001080006040003${hex}00000000${hex}00000000`.padEnd(120, '0');
};

describe('the announcement of a machine that has moved', function () {
  let host: Scratch;
  let machines: Scratch[];
  let outside: Scratch;
  let unknown: Scratch;

  before(async () => {
    ({ host, machines } = await makeBridgedMachines());
    [outside, unknown] = [await makeScratch(), await makeScratch()];
    await host.sh(`ip link add uplink up master br0 type veth peer name eth0 netns ${outside.name}`);
    await host.sh(`ip link add vnet9 up master br0 type veth peer name eth0 netns ${unknown.name}`);
    for (const one of [outside, unknown]) await one.sh('ip link set eth0 up');
    for (const one of [...machines, outside, unknown]) await one.run(['nft', '-f', '-'], { input: COUNTER });
  });

  after(async () => {
    for (const scratch of [host, ...machines, outside, unknown]) await scratch.remove();
  });

  const seen = async (scratch: Scratch): Promise<number> =>
    Number(/packets (\d+)/.exec(await scratch.sh('nft list table netdev seen'))?.[1]);
  const send = async (mac: string): Promise<void> => {
    const [machine] = machines;
    if (machine === undefined) throw new Error('no machine');
    const ifindex = /^(\d+):/.exec(await machine.sh('ip -o link show dev eth0'))?.[1] ?? '';
    await machine.run(['perl', SEND_FRAME, ifindex, announcement(mac)]);
  };
  const learned = async (mac: string): Promise<boolean> =>
    (await host.sh('bridge fdb show br br0 dynamic')).includes(`${mac} dev vif1.0`);

  it('teaches bridges where it is, passes an uplink, and reaches no machine', async () => {
    const hold = {
      prefixes: ['vnet'],
      macs: VIFS.flatMap(({ mac }) => mac ?? []),
      places: VIFS.map(({ vif, mac }) => ({ device: vif, ...(mac === undefined ? {} : { mac }) })),
      awaited: [],
    };
    const wanted = buildNftTable(VIFS, isolation('open'), [], hold);
    await applyNft(host.run, (await readNft(host.run)).table, wanted);
    expect(writeNft((await readNft(host.run)).table, wanted)).to.equal('');
    const [own, foreign] = ['02:00:00:00:00:01', '02:00:00:00:00:77'];
    await host.run(['sh', '-c', 'echo 1 >/sys/class/net/br0/bridge/flush']);
    expect(await learned(own)).to.equal(false);
    await send(foreign);
    expect(await learned(foreign)).to.equal(false);
    expect(await seen(outside)).to.equal(0);
    await send(own);
    expect(await learned(own)).to.equal(true);
    expect(await seen(outside)).to.equal(1);
    for (const machine of [...machines, unknown]) expect(await seen(machine)).to.equal(0);
  });
});
