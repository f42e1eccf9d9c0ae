import { expect } from 'chai';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serviceUnit } from '../../../src/agent/service/service-unit.js';
import type { CommandOutput } from '../../../src/process/run.js';
import { requireBuild } from '../../lab/lab-process.js';
import { realFileOf, until } from './one-host.js';
import { SystemdMachine, withoutSystemd } from './systemd-machine.js';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const UNIT = 'netmgr-agent.service';
const SECRETS = { auth: 'auth of the manager', priv: 'priv of the manager' };
/** How often the service's processes are looked at until they are as they should be. */
const LOOKS = 600;
const BRIDGE_NETFILTER = 'net.bridge.bridge-nf-call-iptables';

const REAL = realFileOf('netmgr');
const VIRTUAL = `<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="two">
  <site name="site1" network="10.1.0.0/16 fd00:1::/64"><node vm="m1" address="10.1.0.1 fd00:1::1" role="proxy"/></site>
  <site name="site2" network="10.2.0.0/16 fd00:2::/64"><node vm="m2" address="10.2.0.1 fd00:2::1" role="proxy"/></site>
  <link from="site1" to="site2" bandwidth="100mbit"/>
</virtual-environment>`;

describe('the service under systemd', function () {
  this.timeout(120_000);
  let directory: string;
  let machine: SystemdMachine;

  before(async function () {
    requireBuild();
    const reason = await withoutSystemd();
    if (reason !== undefined) {
      process.stderr.write(`NOT TESTED: the service under systemd: ${reason}\n`);
      this.skip();
    }
    directory = await mkdtemp(join(tmpdir(), 'netmgr-service-'));
    await writeFile(join(directory, 'real.xml'), REAL);
    await writeFile(join(directory, 'virtual.xml'), VIRTUAL);
    const lines = ['user=netmgr', `auth=${SECRETS.auth}`, `priv=${SECRETS.priv}`];
    const secrets = lines.map((line) => `manager.${line}\n`).join('');
    await writeFile(join(directory, 'secrets'), secrets, { mode: 0o600 });
    machine = await SystemdMachine.start();
    for (const words of [
      'ip link add mgmt type veth peer name far',
      'ip link set far up',
      'ip link set mgmt up',
      'ip addr add 172.16.0.1/24 dev mgmt',
      'ip link add xenbr0 type bridge',
      'ip link set xenbr0 up',
    ]) {
      await sh(words);
    }
  });

  after(async () => {
    // Neither is there where it was skipped.
    await (machine as SystemdMachine | undefined)?.stop();
    if ((directory as string | undefined) !== undefined) await rm(directory, { recursive: true });
  });

  const sh = async (words: string): Promise<string> => (await machine.run(['sh', '-c', words])).stdout;
  const netmgr = (...words: string[]): Promise<CommandOutput> =>
    machine.run([process.execPath, MAIN, ...words], {
      SERVICE_AUTH: SECRETS.auth,
      SERVICE_PRIV: SECRETS.priv,
    });
  const manage = (verb: string): Promise<CommandOutput> =>
    netmgr(verb, join(directory, 'real.xml'), join(directory, 'virtual.xml'));
  const install = async (
    ...more: string[]
  ): Promise<{ users: string; unit: { state: string }; next: string }> => {
    const { stdout } = await netmgr(
      ...['agent', 'install', '--json', '--name', 'host1', '--listen', 'udp:172.16.0.1:161', ...more],
    );
    return JSON.parse(stdout) as Awaited<ReturnType<typeof install>>;
  };
  const answers = (): Promise<void> =>
    until(async () => (await netmgr('status', join(directory, 'real.xml'))).stdout.includes('idle'));

  async function addMachine(name: string, vif: string, mac: string): Promise<void> {
    for (const words of [
      `ip netns add ${name}`,
      `ip link add ${vif} type veth peer name eth0 netns ${name}`,
      `ip link set ${vif} master xenbr0 up`,
      `ip -n ${name} link set eth0 address ${mac} up`,
    ]) {
      await sh(words);
    }
  }

  it('is started by what agent install says', async () => {
    const { users, unit, next } = await install('--secrets', join(directory, 'secrets'));
    expect({ users, state: unit.state }).to.deep.equal({ users: 'made', state: 'written' });
    await sh(next);
    await answers();
    expect(await machine.show('ActiveState', UNIT)).to.equal('active');
    // The last two tell of the kernel's changes; what an examination runs comes and goes.
    const lasting = ['ip', 'node', 'snmpd', 'tc'].join();
    const seen = new Map<string, number>();
    for (let looks = 0; !seen.has(lasting) && looks < LOOKS; looks++) {
      const processes = [...(await machine.processes(UNIT))].sort().join();
      seen.set(processes, (seen.get(processes) ?? 0) + 1);
      await delay(50);
    }
    expect([...seen.keys()], JSON.stringify([...seen])).to.include(lasting);
    expect((await machine.systemctl('is-enabled', UNIT)).stdout).to.equal('enabled\n');
  });

  it('runs with what the unit allows, and nothing more', async () => {
    const pid = await machine.show('MainPID', UNIT);
    const status = await sh(`cat /proc/${pid}/status`);
    expect(status)
      .to.match(/^NoNewPrivs:\t1$/m)
      .and.to.match(/^Seccomp:\t2$/m);
    const inside = (words: string): Promise<string> =>
      sh(`nsenter -t ${pid} -m sh -c '${words}' 2>&1 || echo failed`);
    expect(await inside('touch /usr/netmgr-test')).to.match(/Read-only.*\nfailed/);
    expect(await inside('echo 0 >/proc/sys/vm/oom_dump_tasks')).to.match(/Read-only.*\nfailed/);
    expect(await inside('touch /var/lib/netmgr/test && rm /var/lib/netmgr/test')).to.equal('');
  });

  it('emulates the network of machines that come after it', async () => {
    await addMachine('m1', 'vif1.0', '00:16:3e:00:01:00');
    await addMachine('m2', 'vif2.0', '00:16:3e:00:02:00');
    await sh(`sysctl -w ${BRIDGE_NETFILTER}=0`);
    await manage('apply');
    expect(await sh('ip -n m1 -br addr show dev eth0'))
      .to.contain('10.1.0.1/16')
      .and.to.contain('fd00:1::1/64');
    expect(await sh('tc qdisc show dev vif1.0'))
      .to.contain('htb 4e4d:')
      .and.to.contain('rate 100Mbit');
    expect(await sh('iptables-nft-save -t filter')).to.contain('-A FORWARD -j NETMGR-FORWARD');
    expect(await sh('nft list tables')).to.contain('table bridge netmgr');
    expect(await sh(`sysctl -n ${BRIDGE_NETFILTER}`)).to.equal('1\n');
  });

  it('probes inside machines, by the routes, beside them, and with a receiver', async () => {
    const probe = '1.3.6.1.4.1.32473.1.1.6';
    const user = ['-v', '3', '-l', 'authPriv', '-u', 'netmgr', '-a', 'SHA-256', '-x', 'AES', '-m', ''];
    const snmp = async (tool: string, ...words: readonly string[]): Promise<string> => {
      const secrets = ['-A', SECRETS.auth, '-X', SECRETS.priv] as const;
      return (await machine.run([tool, ...user, ...secrets, '-Oqv', '172.16.0.1', ...words])).stdout;
    };
    const [echo, receive, toM2, toM1] = ['1', '2', '0A020001', '0A010001'] as const;
    const requests = [
      { number: 1, kind: echo, target: toM2, onLink: '2' },
      { number: 2, kind: echo, target: toM2, onLink: '1' },
      { number: 3, kind: receive, target: toM1, onLink: '2' },
    ];
    for (const { number, kind, target, onLink } of requests) {
      const cell = (column: number): string => `${probe}.2.1.${String(column)}.7.${String(number)}`;
      const row = [cell(15), 'i', '4', cell(3), 'i', kind, cell(4), 's', 'vif1.0', cell(5), 'i', '1'];
      await snmp('snmpset', ...row, cell(6), 'x', target, cell(7), 'i', onLink);
    }
    await snmp('snmpset', `${probe}.1.0`, 'u', '7');
    const states = (): Promise<string> => snmp('snmpwalk', `${probe}.3.1.1`);
    // Two are done, and the last one listens.
    await until(async () => /^3\n3\n2\n$|4/.test(await states()));
    expect(await states(), await snmp('snmpwalk', `${probe}.3.1.9`)).to.equal('3\n3\n2\n');
    expect(await snmp('snmpwalk', `${probe}.3.1.3`)).to.equal('3\n3\n0\n');
    for (const number of ['1', '2', '3']) await snmp('snmpset', `${probe}.2.1.15.7.${number}`, 'i', '6');
    await until(async () => !(await machine.processes(UNIT)).includes('iperf3'));
  });

  it('does not keep machines that go', async () => {
    await sh('ip netns del m2');
    await until(async () => !(await sh('ip -br link')).includes('vif2.0'));
    await addMachine('m2', 'vif2.0', '00:16:3e:00:02:00');
  });

  it('takes its snmpd along when it is killed, and comes again', async () => {
    const pid = await machine.show('MainPID', UNIT);
    const [snmpd = ''] = (await sh('cat /var/lib/netmgr/snmpd/snmpd.pid')).split(' ');
    await sh(`kill -KILL ${pid}`);
    await until(async () => !['0', pid].includes(await machine.show('MainPID', UNIT)));
    expect(await sh(`test -e /proc/${snmpd} || echo gone`)).to.equal('gone\n');
    await answers();
    expect(await machine.show('NRestarts', UNIT)).to.equal('1');
  });

  it('may be installed anew while it runs, without the secrets', async () => {
    const again = await install();
    expect({ users: again.users, state: again.unit.state }).to.deep.equal({
      users: 'unchanged',
      state: 'unchanged',
    });
    const pid = await machine.show('MainPID', UNIT);
    const other = await install('--log-level', 'debug');
    expect(other.unit.state).to.equal('replaced');
    await sh(other.next);
    await answers();
    const now = await machine.show('MainPID', UNIT);
    expect(now).not.to.equal(pid);
    expect(await sh(`tr '\\0' ' ' </proc/${now}/cmdline`)).to.contain('--log-level debug');
  });

  it('leaves nothing running when it is stopped, and the network as it is', async () => {
    await sh(`systemctl stop ${UNIT}`);
    expect(await machine.show('Result', UNIT)).to.equal('success');
    expect(await machine.processes(UNIT)).to.deep.equal([]);
    expect(await sh('nft list tables')).to.contain('table bridge netmgr');
    await sh(`systemctl start ${UNIT}`);
    await answers();
    await manage('destroy');
    expect(await sh('nft list tables')).not.to.contain('netmgr');
  });

  it('is gone when it is uninstalled, and its state is not', async () => {
    const { stdout } = await netmgr('agent', 'uninstall', '--json');
    const { unit, next } = JSON.parse(stdout) as { unit: { state: string }; next: string };
    expect(unit.state).to.equal('removed');
    await sh(next);
    expect(await machine.show('LoadState', UNIT)).to.equal('not-found');
    expect(await sh('ls -R /etc/systemd/system')).not.to.contain('netmgr');
    expect(await sh('ls /var/lib/netmgr/snmpd')).to.contain('engine-id');
    expect(JSON.parse((await netmgr('agent', 'uninstall', '--json')).stdout)).to.have.nested.property(
      'unit.state',
      'absent',
    );
  });

  it('refuses a Node that systemd would not run', () => {
    for (const node of ['/opt/a"b/node', "/opt/a'b/node", '/opt/a\\b/node']) {
      const command = {
        node,
        program: '/x',
        args: [],
        stateDirectory: '/var/lib/netmgr',
        machines: 'namespace' as const,
      };
      expect(() => serviceUnit(command)).to.throw('a quote or a backslash');
    }
  });

  it('hands every word over as it is', async () => {
    const odd = join(directory, `a %n $HOME \${PATH} 'b' "c" \\x ü;`);
    await mkdir(odd);
    // What runs it may have no quotes and no backslash in its path.
    const program = join(directory, 'program %n $HOME ${PATH} ü;');
    await copyFile('/bin/sh', program);
    await chmod(program, 0o755);
    const script = join(odd, 'script');
    await writeFile(
      script,
      `printf '%s\\n' "$@" >/run/words.new; mv /run/words.new /run/words; exec sleep 60\n`,
    );
    const args = [
      '',
      ';',
      '%h',
      '%%',
      '$HOME',
      '${HOME}',
      '$$',
      'a b',
      '"',
      "'",
      '\\',
      '\\n',
      '#',
      '-',
      '@x',
      'ü',
      '\u2028',
    ];
    const unit = serviceUnit({
      node: program,
      program: script,
      args,
      stateDirectory: '/run',
      machines: 'namespace',
    });
    await machine.run(['sh', '-c', 'printf %s "$1" >/run/systemd/system/words.service', 'sh', unit]);
    await sh('systemctl daemon-reload && systemctl start words');
    await until(async () => (await sh('ls /run')).split('\n').includes('words'));
    expect(await sh('cat /run/words')).to.equal(args.map((arg) => `${arg}\n`).join(''));
  });
});
