import { expect } from 'chai';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../../src/process/run.js';
import { requireBuild } from '../../lab/lab-process.js';
import { realFileOf, until } from './one-host.js';
import { SystemdMachine, withoutSystemd } from './systemd-machine.js';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
/** Debian's own. */
const SNMPD_UNIT = '/usr/lib/systemd/system/snmpd.service';
const AGENT_UNIT = 'netmgr-agent.service';
const SNIPPET = '/etc/snmp/snmpd.conf.d/netmgr.conf';
const PERSISTENT = '/var/lib/snmp/snmpd.conf';

/** What Debian's says, without its comments. */
const SNMPD_CONF = `sysLocation Sitting on the Dock of the Bay
master  agentx
agentaddress  127.0.0.1,[::1]
view   systemonly  included   .1.3.6.1.2.1.1
view   systemonly  included   .1.3.6.1.2.1.25.1
rocommunity  public default -V systemonly
rocommunity6 public default -V systemonly
rouser authPrivUser authpriv -V systemonly
includeDir /etc/snmp/snmpd.conf.d
`;

// snmpd writes the first name in hexadecimal.
const MANAGER = { user: 'net-mgr', auth: 'auth of the manager', priv: 'priv of the manager' };
const READER = { user: 'nms', auth: 'auth of the reader', priv: 'priv of the reader' };
const ADDRESS = '172.16.0.1';
const HOST_NAME = '.1.3.6.1.4.1.32473.1.1.1.1.0';
const CFG_OWNER = '.1.3.6.1.4.1.32473.1.1.2.1.0';
const IF_DESCR = '.1.3.6.1.2.1.2.2.1.2.1';
const SYS_CONTACT = '.1.3.6.1.2.1.1.4.0';
const SYS_LOCATION = '.1.3.6.1.2.1.1.6.0';

const REAL = realFileOf(MANAGER.user);
const VIRTUAL = `<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="two">
  <site name="site1" network="10.1.0.0/16"><node vm="m1" address="10.1.0.1" role="proxy"/></site>
  <site name="site2" network="10.2.0.0/16"><node vm="m2" address="10.2.0.1" role="proxy"/></site>
  <link from="site1" to="site2" bandwidth="100mbit"/>
</virtual-environment>`;

describe("an agent behind the system's snmpd, under systemd", function () {
  this.timeout(120_000);
  let directory: string;
  let machine: SystemdMachine;

  before(async function () {
    requireBuild();
    const unit = await readFile(SNMPD_UNIT, 'utf8').catch(() => undefined);
    const reason = unit === undefined ? "no unit of Debian's snmpd" : await withoutSystemd();
    if (reason !== undefined) {
      process.stderr.write(`NOT TESTED: an agent behind the system's snmpd: ${reason}\n`);
      this.skip();
    }
    directory = await mkdtemp(join(tmpdir(), 'netmgr-system-snmpd-'));
    await writeFile(join(directory, 'real.xml'), REAL);
    await writeFile(join(directory, 'virtual.xml'), VIRTUAL);
    await writeFile(join(directory, 'snmpd.service'), unit ?? '');
    const lines = Object.entries({ manager: MANAGER, reader: READER }).flatMap(([role, values]) =>
      Object.entries(values).map(([name, value]) => `${role}.${name}=${value}\n`),
    );
    await writeFile(join(directory, 'secrets'), lines.join(''), { mode: 0o600 });
    const group = (await run(['getent', 'group', 'Debian-snmp'])).stdout.split(':')[2];
    const conf = join(directory, 'etc', 'snmpd.conf');
    await mkdir(`${conf}.d`, { recursive: true });
    await writeFile(conf, SNMPD_CONF, { mode: 0o640 });
    await chown(conf, 0, Number(group));
    machine = await SystemdMachine.start();
    for (const words of [
      // What snmpd reads and writes is not this machine's.
      `mount --bind ${directory}/etc /etc/snmp`,
      'mount -t tmpfs -o mode=755 tmpfs /var && mkdir -p /var/lib/snmp && mkdir -m 1777 /var/tmp',
      'chown Debian-snmp:Debian-snmp /var/lib/snmp',
      `cp ${directory}/snmpd.service ${SNMPD_UNIT} && systemctl daemon-reload`,
      'ip link add mgmt type veth peer name far && ip link set far up && ip link set mgmt up',
      `ip addr add ${ADDRESS}/24 dev mgmt`,
      'ip link add xenbr0 type bridge && ip link set xenbr0 up',
      ...[1, 2].flatMap((i) => [
        `ip netns add m${String(i)}`,
        `ip link add vif${String(i)}.0 type veth peer name eth0 netns m${String(i)}`,
        `ip link set vif${String(i)}.0 master xenbr0 up`,
        `ip -n m${String(i)} link set eth0 address 00:16:3e:00:0${String(i)}:00 up`,
      ]),
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
  /** All it says, and `failed` if it did. */
  const netmgr = async (...words: string[]): Promise<string> => {
    const env = { SERVICE_AUTH: MANAGER.auth, SERVICE_PRIV: MANAGER.priv };
    const script = '"$@" 2>&1 || echo failed';
    return (await machine.run(['sh', '-c', script, 'sh', process.execPath, MAIN, ...words], env)).stdout;
  };
  const install = (...more: string[]): Promise<string> =>
    netmgr('agent', 'install', '--name', 'host1', '--system-snmpd', ...more);
  const snmp = async (
    { user, auth, priv }: typeof MANAGER,
    tool: string,
    ...words: string[]
  ): Promise<string> => {
    const security = [
      '-v3',
      '-l',
      'authPriv',
      '-u',
      user,
      '-a',
      'SHA-256',
      '-A',
      auth,
      '-x',
      'AES',
      '-X',
      priv,
    ];
    const [address = '127.0.0.1'] = words.filter((word) => word === ADDRESS);
    const rest = words.filter((word) => word !== ADDRESS);
    const argv = [tool, ...security, '-m', '', '-Oqv', '-t', '1', '-r', '1', address, ...rest];
    return (await machine.run(['sh', '-c', '"$@" 2>&1 || true', 'sh', ...argv])).stdout;
  };
  const get = (...words: string[]): Promise<string> => snmp(MANAGER, 'snmpget', ...words);
  const answers = (): Promise<void> => until(async () => (await get(HOST_NAME)) === '"host1"\n');
  const next = (text: string): string => /^run: (.*)$/m.exec(text)?.[1] ?? 'false';

  it('makes no users that a running snmpd would write over, and writes nothing then', async () => {
    await sh('systemctl start snmpd');
    const before = await sh(`cat ${PERSISTENT}`);
    const said = await install('--secrets', join(directory, 'secrets'));
    expect(said)
      .to.contain('snmpd runs')
      .and.to.contain('systemctl stop snmpd')
      .and.to.match(/failed\n$/);
    expect(await sh('ls /etc/snmp/snmpd.conf.d /etc/systemd/system /var/lib')).to.equal(
      '/etc/snmp/snmpd.conf.d:\n\n/etc/systemd/system:\n\n/var/lib:\nsnmp\n',
    );
    expect(await sh(`cat ${PERSISTENT}`)).to.equal(before);
  });

  it('is reached by what agent install says', async () => {
    const rights = `stat -c '%U:%G %a' ${PERSISTENT}`;
    await sh('systemctl stop snmpd');
    const before = await sh(rights);
    const said = await install('--secrets', join(directory, 'secrets'));
    expect(said)
      .to.contain(`written: ${SNIPPET}`)
      .and.to.contain(`written: /etc/systemd/system/${AGENT_UNIT}`)
      .and.to.contain('snmpd listens at 127.0.0.1,[::1] only');
    expect(await sh(rights)).to.equal(before);
    expect(await sh(`stat -c '%U:%G %a' ${SNIPPET}`)).to.equal('root:Debian-snmp 640\n');
    expect(await sh(`cat ${SNIPPET}`)).not.to.match(/auth of|priv of|agentaddress|EngineID|createUser/i);
    await sh(next(said));
    await answers();
    expect(await get(IF_DESCR)).to.equal('"lo"\n');
    expect(await sh(`cat ${PERSISTENT}`))
      .to.contain('usmUser')
      .and.not.to.match(/auth of|priv of/);
    expect((await machine.processes(AGENT_UNIT)).filter((name) => name === 'snmpd')).to.deep.equal([]);
  });

  it('obeys a manager on another host, once snmpd listens there', async () => {
    await sh(`echo 'agentaddress ${ADDRESS}' >>/etc/snmp/snmpd.conf && systemctl restart snmpd`);
    await answers();
    const files = ['real.xml', 'virtual.xml'].map((name) => join(directory, name));
    expect(await netmgr('apply', ...files)).not.to.contain('failed');
    expect(await sh('tc qdisc show dev vif1.0')).to.contain('rate 100Mbit');
    expect(await sh('ip -n m1 -br addr show dev eth0')).to.contain('10.1.0.1/16');
    expect(await netmgr('status', files[0] ?? '')).to.match(/host1 +idle +two +2 +2\/2/);
  });

  it('lets the reader read, and nobody else', async () => {
    expect(await snmp(READER, 'snmpget', HOST_NAME)).to.equal('"host1"\n');
    for (const oid of [CFG_OWNER, SYS_LOCATION]) {
      expect(await snmp(READER, 'snmpset', oid, 's', 'x')).to.match(/noAccess|notWritable/);
    }
    expect(await snmp(MANAGER, 'snmpset', SYS_LOCATION, 's', 'x')).to.match(/noAccess|notWritable/);
    const open = await sh(
      `snmpget -v2c -c public -m '' -Oqv 127.0.0.1 ${SYS_LOCATION}; snmpget -v2c -c public -m '' -Oqv 127.0.0.1 ${HOST_NAME}`,
    );
    expect(open).to.match(/^"Sitting on the Dock of the Bay"\nNo Such Object/);
  });

  it('is reached again after snmpd has read its files anew, was killed, and was started', async () => {
    await sh(`echo 'sysContact somebody else' >>/etc/snmp/snmpd.conf && systemctl reload snmpd`);
    const contact = `snmpget -v2c -c public -m '' -Oqv 127.0.0.1 ${SYS_CONTACT} || true`;
    await until(async () => (await sh(contact)).includes('somebody else'));
    // It has read them as the user that it has become.
    await answers();
    await sh('systemctl kill --signal=KILL snmpd');
    await until(async () => (await machine.show('ActiveState', 'snmpd')) === 'failed');
    await sh('systemctl reset-failed snmpd && systemctl start snmpd');
    await answers();
    expect(await machine.show('NRestarts', AGENT_UNIT)).to.equal('0');
  });

  it('may be installed anew while all run, without the secrets', async () => {
    const again = await install();
    expect(again).to.contain(`unchanged: ${SNIPPET}`).and.to.contain('the users keep their secrets');
    expect(next(again)).not.to.contain('snmpd');
    const other = await install('--notify', 'udp:172.16.0.9:162');
    expect(other).to.contain(`replaced: ${SNIPPET}`);
    await sh(next(other));
    await answers();
    expect(await sh(`cat ${SNIPPET}`)).to.contain(
      `trapsess -v 3 -u ${READER.user} -l authPriv udp:172.16.0.9:162`,
    );
  });

  it('leaves snmpd alone when it is stopped', async () => {
    await sh(`systemctl stop ${AGENT_UNIT}`);
    expect(await machine.show('Result', AGENT_UNIT)).to.equal('success');
    expect(await get(HOST_NAME)).to.contain('No Such Object');
    expect(await get(SYS_LOCATION)).to.equal('"Sitting on the Dock of the Bay"\n');
  });

  it('says what to do while there is no snmpd, and is there as soon as there is one', async () => {
    await sh('systemctl stop snmpd');
    await sh('rm -f /var/agentx/master');
    const agent = `${process.execPath} ${MAIN} agent run --name host1 --system-snmpd`;
    const pid = (await sh(`${agent} >/run/agent.out 2>/run/agent.log & echo $!`)).trim();
    await until(async () => (await sh('cat /run/agent.log')).includes('no session with snmpd'));
    const warnings = (await sh('cat /run/agent.log'))
      .split('\n')
      .filter((line) => line.includes('no session'));
    expect(warnings.join('\n'))
      .to.contain('Nobody listens at /var/agentx/master')
      .and.to.contain('master agentx')
      .and.to.contain('netmgr agent install --system-snmpd');
    await sh('systemctl start snmpd');
    await until(async () => (await sh('cat /run/agent.out')) !== '');
    expect(JSON.parse(await sh('cat /run/agent.out'))).to.deep.equal({
      event: 'ready',
      name: 'host1',
      systemSnmpd: '/var/agentx/master',
    });
    await answers();
    await sh(`kill ${pid}`);
    await until(async () => (await get(HOST_NAME)).includes('No Such Object'));
  });

  it('takes back what snmpd was told when it is uninstalled', async () => {
    const said = await netmgr('agent', 'uninstall');
    expect(said).to.contain(`removed: ${SNIPPET}`).and.to.contain('systemctl restart snmpd');
    await sh(next(said));
    expect(await sh('ls /etc/snmp/snmpd.conf.d')).to.equal('');
    expect(await get(SYS_LOCATION)).to.contain('authorizationError');
  });
});
