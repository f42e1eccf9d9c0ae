import { expect } from 'chai';
import { LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';

const HEADERS = 28;

describe('the MTU of a line', function () {
  let lab: LiveLab;
  let file: string;

  before(async function () {
    skipWithoutRoot(this, 'the MTU of a line');
    lab = await LiveLab.start([PAIR]);
    file = `${lab.directory}/mtu.xml`;
    const text = await lab.read(PAIR_BANDWIDTH);
    await lab.write(
      file,
      text.replace(
        '<node vm="node1" address="10.1.0.101 fd00:1::101"/>',
        '<node vm="node1" address="10.1.0.101 fd00:1::101"><access mtu="1400B"/></node>',
      ),
    );
  });

  after(async () => {
    await lab.stop();
  });

  /** Whether an IPv4 packet of so many octets gets there and back in one piece. */
  const passes = async (from: string, to: string, octets: number): Promise<boolean> => {
    const argv = ['ping', '-c', '2', '-i', '0.2', '-W', '1', '-M', 'do', '-s', String(octets - HEADERS), to];
    return (await lab.try(['ip', 'netns', 'exec', from, ...argv])).exitCode === 0;
  };
  const mtus = async (): Promise<number[]> => {
    const read = async (namespace: string, dev: string): Promise<number> =>
      Number(/mtu (\d+)/.exec(await lab.at(namespace, `ip link show dev ${dev}`))?.[1]);
    return [await read('host2', 'vif2.0'), await read('node1', 'eth0'), await read('node2', 'eth0')];
  };

  it('is the longest packet that the machine sends and gets, and what it was before comes back', async () => {
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    const before = await mtus();
    expect(await passes('node1', '10.1.0.1', 1500)).to.equal(true);
    await lab.manage('apply', PAIR, file);
    // The vif's stays: a bridge would take it for its own.
    expect(await mtus()).to.deep.equal([1500, 1400, before[2]]);
    expect(await passes('node1', '10.1.0.1', 1400), '1400 out').to.equal(true);
    expect(await passes('node1', '10.1.0.1', 1401), '1401 out').to.equal(false);
    expect(await passes('proxy1', '10.1.0.101', 1400), '1400 in').to.equal(true);
    // A veth has room for a VLAN tag besides.
    expect(await passes('proxy1', '10.1.0.101', 1405), '1405 in').to.equal(false);
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    expect(await mtus()).to.deep.equal(before);
    expect(await passes('proxy1', '10.1.0.101', 1500)).to.equal(true);
  });

  it('is put right where somebody changes it', async () => {
    await lab.manage('apply', PAIR, file);
    await lab.at('node1', 'ip link set dev eth0 mtu 1450');
    await lab.manage('apply', PAIR, file);
    expect(await mtus()).to.deep.equal([1500, 1400, 1500]);
    await lab.manage('destroy', PAIR);
    expect(await mtus()).to.deep.equal([1500, 1500, 1500]);
  });
});
