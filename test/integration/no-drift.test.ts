import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { isAll, skipInSample } from '../sample.js';
import { DriftingLab, HOST } from './drifting-lab.js';
import { fixture, LiveLab, PAIR, skipWithoutRoot } from './live-lab.js';

const GRID = fixture('real-env/grid.xml');
const EXAMINATIONS = isAll ? 20 : 6;
const COMMITS = isAll ? 10 : 4;
/** Milliseconds for which an examination answers. */
const FRESH = 1000;

/** What somebody else may have on a host and in a machine. */
const FOREIGN = [
  'ip link add foreign0 type veth peer name foreign1',
  'ip link set foreign0 up',
  'ip link add ifb7 type ifb',
  'tc qdisc add dev foreign0 root handle 1: htb default 1',
  'tc class add dev foreign0 parent 1: classid 1:1 htb rate 1mbit',
  'ipset create somebody hash:net',
  'ipset add somebody 10.1.0.1',
  'iptables -N SOMEBODY',
  'iptables -A FORWARD -j SOMEBODY',
  'iptables -A INPUT -m set --match-set somebody src -j ACCEPT',
  'ip6tables -A FORWARD -j ACCEPT',
  'nft add table bridge somebody',
  'nft add table inet somebody',
  'ip address add 10.77.0.1/24 dev foreign0',
];
const FOREIGN_INSIDE = [
  'address add 10.1.0.7/16 dev eth0',
  'address add fd00:1::7/64 dev eth0 nodad',
  'route add 10.99.0.0/16 dev eth0',
  'link add other type bridge',
];

interface Statuses {
  readonly hosts: readonly { readonly name: string; readonly commit: { readonly driftCount: number } }[];
}

describe('no drift', function () {
  before(function () {
    skipWithoutRoot(this, 'no drift');
  });

  it('is found on the hosts of an idle grid, nor beside what others have there', async function () {
    skipInSample(this, 'an idle grid');
    const lab = await LiveLab.start([GRID, fixture('virtual-env/grid-table2-100mbit.xml')]);
    try {
      for (let i = 0; i < EXAMINATIONS; i++) {
        if (i === EXAMINATIONS / 2) {
          for (const words of FOREIGN) await lab.at('host1', words);
          for (const words of FOREIGN_INSIDE) await lab.run('ip', '-n', 'vmgridpeer1', ...words.split(' '));
        }
        const { hosts } = JSON.parse(
          await lab.run('netmgr', 'status', GRID, '--json', '--no-rates'),
        ) as Statuses;
        expect(hosts.length).to.be.above(1);
        for (const { name, commit } of hosts) expect(commit.driftCount, name).to.equal(0);
        await delay(FRESH);
      }
    } finally {
      await lab.stop();
    }
  });

  it('is said while a commit works', async function () {
    skipInSample(this, 'drift while a commit works');
    const drifting = await DriftingLab.start();
    try {
      const { lab, virtual } = drifting;
      const other = `${lab.directory}/other.xml`;
      await lab.write(
        other,
        (await lab.read(virtual)).replace('10mbit', '7mbit').replace('10.2.0.101', '10.2.0.9'),
      );
      const end = new AbortController();
      const counts = (async (): Promise<string[]> => {
        const seen: string[] = [];
        while (!end.signal.aborted)
          seen.push(await lab.run('snmpget', '-Oqv', HOST, 'netemuCfgDriftCount.0'));
        return seen;
      })();
      for (let round = 0; round < COMMITS; round++) {
        await lab.manage('apply', PAIR, round % 2 === 0 ? other : virtual);
      }
      end.abort();
      expect([...new Set(await counts)].map((text) => text.trim())).to.deep.equal(['0']);
    } finally {
      await drifting.stop();
    }
  });
});
