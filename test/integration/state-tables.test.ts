import { expect } from 'chai';
import { fixture, LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';

const RULES = fixture('virtual-env/pair-rules.xml');
/** How often readings are compared that something may come between. */
const ATTEMPTS = 5;

describe('what the state tables say', () => {
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'the state tables');
    lab = await LiveLab.start([PAIR, RULES]);
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
  });

  const numbers = async (host: string, ...names: readonly string[]): Promise<number[]> =>
    (await lab.run('snmpget', '-OqvtU', host, ...names)).trim().split('\n').map(Number);
  /** Readings answer for a second. */
  const fresh = async (): Promise<void> => {
    await lab.run('sleep', '1.2');
  };
  const walk = async (host: string, column: string): Promise<Map<string, string>> => {
    const lines = (await lab.run('snmpbulkwalk', '-OqUxs', host, column)).trim().split('\n');
    return new Map(
      lines.map((line) => {
        const [name = '', ...value] = line.split(' ');
        return [name.slice(name.indexOf('.') + 1), value.join(' ')];
      }),
    );
  };

  it('counts what each exception lets pass or drops, and what policies drop, as iptables does', async () => {
    const before = await walk('host1', 'netemuFlowStatePackets');
    const [dropsBefore = NaN] = await numbers('host1', 'netemuPolicyDrops.0');
    // One connection that is refused: one packet there. node1 may reach node2 by TCP.
    await lab.try(['ip', 'netns', 'exec', 'node1', 'socat', '-u', '-', 'TCP4:10.2.0.101:9']);
    await lab.try(['ip', 'netns', 'exec', 'proxy1', 'ping', '-c', '3', '-i', '0.2', '-W', '1', '10.2.0.1']);
    await fresh();
    const after = await walk('host1', 'netemuFlowStatePackets');
    const moved = [...after].filter(([index, count]) => before.get(index) !== count);
    const of = await walk('host1', 'netemuFlowAction');
    const protocols = await walk('host1', 'netemuFlowProtocol');
    const counted = moved.map(([index, count]) => [
      ...[of.get(index), protocols.get(index), Number(count) - Number(before.get(index))],
    ]);
    expect(counted).to.have.deep.members([
      ['permit', '6', 1],
      ['deny', '1', 3],
    ]);
    const [dropsAfter = NaN] = await numbers('host1', 'netemuPolicyDrops.0');
    expect(dropsAfter - dropsBefore).to.equal(3);
    let drops = 0;
    for (const tool of ['iptables-save', 'ip6tables-save']) {
      const rules = await lab.at('host1', `${tool} -c`);
      for (const [, packets] of rules.matchAll(/^\[(\d+):\d+\] -A NETMGR-\S+ .*-j DROP$/gm)) {
        drops += Number(packets);
      }
    }
    await fresh();
    expect(await numbers('host1', 'netemuPolicyDrops.0')).to.deep.equal([drops]);
  });

  it('counts what tc counts', async () => {
    await lab.try([
      'ip',
      'netns',
      'exec',
      'proxy1',
      'socat',
      '-u',
      'OPEN:/dev/zero,readbytes=300000',
      'TCP4:10.2.0.1:9',
    ]);
    await lab.try(['ip', 'netns', 'exec', 'node2', 'ping', '-c', '5', '-i', '0.2', '10.2.0.1']);
    const vifs = [...(await walk('host2', 'netemuVifStateName'))].map(([, name]) => name.replaceAll('"', ''));
    const tc = (): Promise<string[]> =>
      Promise.all(vifs.map((vif) => lab.at('host2', `tc -s class show dev ${vif}`)));
    // A machine may solicit a router (RFC 4861) at any time: what is compared is a reading that was made
    // between two of tc that are alike.
    for (let attempt = 1; ; attempt++) {
      const texts = await tc();
      await fresh();
      const counts = await Promise.all(
        vifs.map((vif) =>
          numbers(
            'host2',
            ...['RxOctets', 'RxPackets', 'RxDrops'].map((of) => `netemuVifState${of}."${vif}"`),
          ),
        ),
      );
      const links = [...(await walk('host2', 'netemuLinkStateOctets'))];
      if ((await tc()).join() !== texts.join() && attempt < ATTEMPTS) continue;
      for (const [i, vif] of vifs.entries()) {
        const [octets, packets, drops] = (counts[i] ?? []).map(String);
        const text = texts[i] ?? '';
        expect(text).to.include(`Sent ${octets ?? ''} bytes ${packets ?? ''} pkt (dropped ${drops ?? ''}`);
        for (const [index, count] of links.filter(([name]) => name.includes(`"${vif}"`))) {
          expect(text, index).to.include(`Sent ${count} bytes`);
        }
      }
      break;
    }
  });

  it('counts what interfaces count of what is not shaped', async () => {
    const received = async (): Promise<{ bytes: number; packets: number }> => {
      const [link] = JSON.parse(await lab.at('host2', 'ip -j -s link show dev vif1.0')) as [
        { stats64: { rx: { bytes: number; packets: number } } },
      ];
      return link.stats64.rx;
    };
    await lab.run('ip', 'netns', 'exec', 'proxy2', 'ping', '-c', '5', '-i', '0.2', '10.2.0.101');
    const before = await received();
    await fresh();
    const [octets, packets] = await numbers(
      'host2',
      ...['Octets', 'Packets'].map((what) => `netemuVifStateTx${what}."vif1.0"`),
    );
    const after = await received();
    expect(before.packets).to.be.at.least(5);
    expect(octets).to.be.within(before.bytes, after.bytes);
    expect(packets).to.be.within(before.packets, after.packets);
    // Its machine says something of its own now and then.
    expect(after.packets - before.packets).to.be.below(5);
  });

  it('is of one moment in each walk, while commits go on, and never an error', async () => {
    const other = `${lab.directory}/other.xml`;
    const text = await lab.read(PAIR_BANDWIDTH);
    await lab.write(other, text.replaceAll(/bandwidth="[^"]*"/g, 'bandwidth="7mbit"'));
    await lab.write(`${lab.directory}/one.xml`, text.replaceAll(/bandwidth="[^"]*"/g, 'bandwidth="3mbit"'));
    await lab.manage('apply', PAIR, `${lab.directory}/one.xml`);
    const state = { isOver: false };
    const commits = (async (): Promise<void> => {
      for (let i = 0; i < 4; i++) {
        await lab.manage('apply', PAIR, i % 2 === 0 ? other : `${lab.directory}/one.xml`);
      }
      state.isOver = true;
    })();
    const seen = new Set<string>();
    while (!state.isOver) {
      const rates = await walk('host1', 'netemuLinkStateBandwidth');
      seen.add([...new Set(rates.values())].sort().join(' '));
    }
    await commits;
    expect([...seen].sort()).to.deep.equal(['3000', '7000']);
  });
});
