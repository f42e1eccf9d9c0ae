import { expect } from 'chai';
import { differencesOf, dumpKernel, type Dump } from './kernel-dump.js';
import { LAB_DIRECTORY, LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';
import { skipInSample } from '../sample.js';

const HOSTS = ['host1', 'host2'];
const MACHINES = ['proxy1', 'node2', 'proxy2', 'node1'];
/** A root qdisc of somebody else at a vif that the file shapes. It is of the kind that tc rounds most. */
const FOREIGN_ROOT = 'tbf rate 1234567bit burst 5003 limit 30007';

/** What a host has of its own, in the words of its owner. */
const OF_THE_HOST = [
  'iptables -N MINE',
  'iptables -A MINE -s 192.0.2.0/24 -j ACCEPT',
  'iptables -A FORWARD -d 192.0.2.7/32 -j MINE',
  'iptables -A INPUT -p icmp -m comment --comment mine -j ACCEPT',
  'iptables -t mangle -A PREROUTING -i xenbr0 -p tcp --dport 4711 -j DROP',
  'ip6tables -N MINE',
  'ip6tables -A FORWARD -s 2001:db8::/32 -j MINE',
  'ip6tables -A INPUT -p ipv6-icmp -j ACCEPT',
  'ipset create mine hash:ip',
  'ipset add mine 192.0.2.1',
  'ipset create mine-nets hash:net family inet6',
  'iptables -A FORWARD -m set --match-set mine src -j ACCEPT',
  'nft add table bridge mine',
  'nft add chain bridge mine forward { type filter hook forward priority 10 ; }',
  'nft add rule bridge mine forward ether type 0x88cc drop',
  'nft add table inet mine',
  'nft add set inet mine ports { type inet_service ; elements = { 22, 80 } ; }',
  'tc qdisc replace dev eth0 root handle 5: pfifo limit 77',
  'tc qdisc add dev eth0 ingress',
  'tc filter add dev eth0 ingress protocol ip prio 9 u32 match ip dst 192.0.2.9/32 flowid 1:1',
  'tc qdisc add dev xenbr0 root handle 6: bfifo limit 77000',
  'ip addr add 198.51.100.1/24 dev xenbr0',
  'ip route add 203.0.113.0/24 via 198.51.100.9 metric 50',
  'ip rule add from 198.51.100.0/24 table 99',
  'ip route add 192.0.2.128/25 dev xenbr0 table 99',
];

/** The first address is one that the file gives it too, and the second one is in the same network. */
const OF_A_MACHINE = (address: string): readonly string[] => [
  `ip addr add ${address}/16 dev eth0`,
  'ip addr add 10.9.0.5/24 dev eth0',
  'ip -6 addr add 2001:db8:9::5/64 dev eth0 nodad',
  'ip route add 198.18.0.0/15 via 10.9.0.1 dev eth0',
  'ip -6 route add 2001:db8:77::/48 via 2001:db8:9::1 dev eth0 metric 7',
];

describe('what a host has of its own', function () {
  let lab: LiveLab;
  let original: Dump;

  before(async function () {
    skipWithoutRoot(this, 'ownership');
    lab = await LiveLab.start([PAIR]);
    // The interfaces come up with addresses of their own.
    for (const machine of MACHINES) await lab.at(machine, 'ip link set dev eth0 up');
    for (const host of HOSTS) for (const words of OF_THE_HOST) await lab.at(host, words);
    await lab.at('host2', 'sysctl -qw net.bridge.bridge-nf-call-iptables=0');
    await lab.at('host1', `tc qdisc add dev vif1.0 root handle 7: ${FOREIGN_ROOT}`);
    for (const words of OF_A_MACHINE('10.1.0.1')) await lab.at('proxy1', words);
    for (const words of OF_A_MACHINE('10.3.0.1')) await lab.at('node2', words);
    original = await dump();
  });

  after(() => lab.stop());

  const dump = (): Promise<Dump> => dumpKernel(lab, HOSTS, MACHINES);

  const netmgr = async (...words: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await lab.try(['netmgr', ...words]);
    expect(exitCode, stdout + stderr).to.equal(0);
    return stdout;
  };

  const refusals = async (...words: readonly string[]): Promise<string[]> => {
    const { exitCode, stdout } = await lab.try(['netmgr', 'apply', PAIR, PAIR_BANDWIDTH, '--json', ...words]);
    expect(exitCode).to.equal(1);
    return (JSON.parse(stdout) as { errors: { message: string }[] }).errors.map(({ message }) => message);
  };

  const applyAndChange = async (): Promise<void> => {
    await netmgr('apply', PAIR, PAIR_BANDWIDTH, '--take-over');
    const other = `${lab.directory}/other.xml`;
    const text = await lab.read(PAIR_BANDWIDTH);
    await lab.write(
      other,
      text.replace('100mbit', '50mbit').replace('</site>', '<access bandwidth="20mbit"/></site>'),
    );
    await netmgr('apply', PAIR, other);
    expect(differencesOf(original, await dump())).to.not.deep.equal([]);
  };

  const expectAsBefore = async (): Promise<void> => {
    expect(differencesOf(original, await dump())).to.deep.equal([]);
  };

  it('stays where it is in the way, and is named', async () => {
    const [message, ...others] = await refusals();
    expect(others).to.deep.equal([]);
    expect(message).to.match(/^vif1\.0 has somebody else's qdisc tbf 7:; .* --take-over /);
    await expectAsBefore();
  });

  it('is as it was after apply, a change and destroy', async () => {
    await applyAndChange();
    await netmgr('destroy', PAIR);
    await expectAsBefore();
  });

  it('is as it was when the agents were killed before the destroy', async function () {
    skipInSample(this, 'what a host has of its own, and agents that were killed');
    await applyAndChange();
    for (const host of HOSTS) {
      const pid = (await lab.read(`${LAB_DIRECTORY}/agents/${host}.pid`)).trim();
      await lab.run('kill', '-9', pid);
    }
    await netmgr('destroy', PAIR);
    await expectAsBefore();
  });

  it('comes back with the commit that gives it up, and goes again when that is rolled back', async () => {
    await netmgr('apply', PAIR, PAIR_BANDWIDTH, '--take-over');
    const applied = await dump();
    const set = (...values: readonly string[]): Promise<string> =>
      lab.run('snmpset', '-Oqv', 'host1', 'netemuCfgOwner.0', 's', 'a test', ...values);
    await set('netemuCfgAction.0', 'i', 'clear');
    const digest = async (which: string): Promise<string> =>
      (await lab.run('snmpget', '-OqvUx', 'host1', `netemuCfg${which}Digest.0`)).replace(/[^0-9A-Fa-f]/g, '');
    const act = async (action: string, about: string, ...values: readonly string[]): Promise<void> => {
      await set(...values, 'netemuCfgExpectedDigest.0', 'x', about, 'netemuCfgAction.0', 'i', action);
      while (/applying|rollingBack/.test(await lab.run('snmpget', '-Oqv', 'host1', 'netemuCfgState.0')));
    };
    const ran = await digest('Running');
    await act('commit', await digest('Candidate'), 'netemuCfgConfirmTimeout.0', 'u', '60');
    expect(await lab.at('host1', 'tc qdisc show dev vif1.0')).to.match(/^qdisc tbf 7: root/);
    await act('rollback', ran);
    await set('netemuCfgAction.0', 'i', 'release');
    expect(differencesOf(applied, await dump())).to.deep.equal([]);
    await netmgr('destroy', PAIR);
    await expectAsBefore();
  });

  const cleanOf = (host: string) =>
    ['ip', 'netns', 'exec', host, 'netmgr', 'agent', 'clean', '--state-directory'] as const;

  /** Ends them while what would start them again stands still. @returns its process ID */
  const endAgents = async (): Promise<string> => {
    const supervisor = (await lab.run('sh', '-c', 'ps -o ppid= -p $PPID')).trim();
    await lab.run('kill', '-STOP', supervisor);
    for (const host of HOSTS) {
      const [pid = ''] = (await lab.read(`${LAB_DIRECTORY}/agents/${host}/agent.pid`)).split(' ');
      await lab.run('kill', '-KILL', pid);
    }
    return supervisor;
  };

  it('is as it was after agent clean, which needs no agent', async function () {
    skipInSample(this, 'what a host has of its own, and agent clean');
    await applyAndChange();
    for (const host of HOSTS) {
      const refused = await lab.try([...cleanOf(host), `${lab.directory}/another`]);
      expect(refused.exitCode).to.equal(1);
      expect(refused.stderr).to.contain('an agent runs on this host already');
    }
    const supervisor = await endAgents();
    for (const host of HOSTS) {
      const clean = cleanOf(host);
      const empty = `${lab.directory}/${host}`;
      // Of originals it knows only what the state directory does.
      await lab.run('mkdir', '-p', empty);
      await lab.run('cp', `${LAB_DIRECTORY}/agents/${host}/originals.json`, empty);
      const look = await lab.try([...clean, empty, '--dry-run', '--json']);
      const { found } = JSON.parse(look.stdout) as { found: string[] };
      expect(found.join('\n'))
        .to.match(/vif1\.0/)
        .and.to.match(/netmgr-all-v4/)
        .and.to.match(/10\.\d\.0\.1/);
      // A state that cannot be read or written keeps nothing of the host where it is, and is told.
      const isReadable = host === HOSTS[0];
      if (!isReadable) await lab.run('mkdir', `${empty}/state.json`);
      const done = await lab.try([...clean, empty, '--json']);
      expect(done.exitCode, done.stdout + done.stderr).to.equal(isReadable ? 0 : 1);
      expect(JSON.parse(done.stdout)).to.deep.include({ ok: isReadable, found });
      if (!isReadable) {
        expect(done.stdout).to.include('the state cannot be read');
        await lab.run('rmdir', `${empty}/state.json`);
      }
      const again = await lab.try([...clean, empty]);
      expect(again.stdout).to.equal('nothing to do: this host has nothing of netmgr\n');
    }
    await expectAsBefore();
    await lab.run('kill', '-CONT', supervisor);
  });
});
