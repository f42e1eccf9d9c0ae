import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { skipInSample } from '../sample.js';
import { LabProcess, PAIR, PAIR_BANDWIDTH, requireBuild } from './lab-process.js';

const AGENTS = '$NETMGR_LAB_DIRECTORY/agents';

describe('netmgr lab run --kernel-per-host', function () {
  this.timeout(240_000);
  let lab: LabProcess;

  before(function () {
    requireBuild();
    if (existsSync('/usr/bin/linux.uml')) return;
    process.stderr.write('NOT TESTED: a kernel per host: no linux.uml\n');
    this.skip();
  });

  afterEach(async function () {
    if (this.currentTest?.isPending() === true) return;
    await lab.leavesNoProcess();
    lab.remove();
  });

  const start = (files: readonly string[], script: string, input?: Buffer): LabProcess =>
    new LabProcess(['--kernel-per-host', ...files, '--', 'sh', '-c', script], input);

  it('has agents that answer and machines that a virtual file joins', async function () {
    skipInSample(this, 'agents in a kernel for each host');
    lab = start(
      [PAIR, PAIR_BANDWIDTH],
      `ip netns list | wc -l
       for host in host1 host2; do snmpget -Oqv $host NETEMU-MIB::netemuCfgState.0; done
       netmgr-host host1 exec proxy1 -- ping -q -c 3 -W 2 10.2.0.1 | grep -o '3 received'
       netmgr-host host1 exec proxy1 -- ping -q -6 -c 3 -W 2 fd00:2::1 | grep -o '3 received'
       netmgr-host host2 exec -- tc qdisc show dev vif1.0 | grep -o 'htb 4e4d:'
       netmgr status "$NETMGR_LAB_REAL" | grep -c 'pair-bandwidth *2 *2/2'`,
    );
    const out = (await lab.stdout).toString();
    expect(await lab.end(), lab.stderr + out).to.equal(0);
    const expected = ['0', 'idle', 'idle', '3 received', '3 received', 'htb 4e4d:', '2'];
    expect(out.trimEnd().split('\n'), lab.stderr).to.deep.equal(expected);
    expect(lab.stderr).to.match(/^Building hosts and machines: .* \(2 hosts, 4 machines\)$/m);
    expect(lab.files).to.deep.equal([]);
  });

  it('runs commands in hosts with their output and exit code', async function () {
    skipInSample(this, 'a kernel per host, all of it');
    lab = start(
      ['--no-agents', PAIR],
      `netmgr-host host1 exec -- sh -c 'echo to stdout; echo to stderr >&2; cat; exit 9' 2>err; echo $?
       cat err
       netmgr-host host1 exec node2 -- ip -brief link show eth0 | grep -o 00:16:3e:00:02:01
       netmgr-host host2 exec -- head -c 3000000 /dev/zero | wc -c
       netmgr-host host2 exec -- sh -c 'echo mine >from-host2'
       cat from-host2
       netmgr-host host1 exec proxy2 -- true; echo $?
       netmgr-host host3 exec -- true; echo $?
       netmgr-host host1; echo $?
       node -e 'require("net").connect(process.argv[1]).end("nonsense\\n").resume()' $NETMGR_LAB_DIRECTORY/hosts.sock
       netmgr-host host1 exec -- echo still there`,
    );
    const out = (await lab.stdout).toString();
    expect(await lab.end(), lab.stderr + out).to.equal(0);
    expect(out.trimEnd().split('\n'), lab.stderr).to.deep.equal([
      'to stdout',
      '9',
      'to stderr',
      '00:16:3e:00:02:01',
      '3000000',
      'mine',
      '255',
      '255',
      '255',
      'still there',
    ]);
    expect(lab.stderr).to.contain('host1 has no machine proxy2');
    expect(lab.stderr).to.contain('There are host1, host2');
    expect(lab.stderr).to.contain('Usage: netmgr-host');
    expect(readFileSync(join(lab.directory, 'from-host2'), 'latin1')).to.equal('mine\n');
  });

  it('switches a host off and on, which loses all but what was written to its disk', async function () {
    skipInSample(this, 'a host that is switched off');
    lab = start(
      [PAIR, PAIR_BANDWIDTH],
      `host1() { netmgr-host host1 "$@"; }
       digest() { snmpget -t 1 -r 1 -Oqv host1 NETEMU-MIB::netemuCfgRunningDigest.0; }
       before=$(digest)
       host1 exec -- sh -c "cat /proc/sys/kernel/random/boot_id >${AGENTS}/synced && sync && echo new >${AGENTS}/lost"
       host1 exec -- sh -c 'echo begun; sleep 1000' & sleep 3
       host1 power-off && echo off; wait $!; echo $?
       host1 power-off && echo off
       host1 exec -- true; echo $?
       snmpget -t 1 -r 0 host1 NETEMU-MIB::netemuCfgState.0 2>/dev/null; echo $?
       host1 power-on && host1 power-on && echo on
       [ "$(digest)" = "$before" ] && echo as before
       host1 exec -- sh -c "cat /proc/sys/kernel/random/boot_id | cmp -s - ${AGENTS}/synced; echo \\$?; cat ${AGENTS}/lost"
       netmgr-host host2 exec proxy2 -- ping -q -c 3 -W 2 10.1.0.1 | grep -o '3 received'`,
    );
    const out = (await lab.stdout).toString();
    expect(await lab.end(), lab.stderr + out).to.equal(0);
    const expected = ['begun', 'off', '255', 'off', '255', '1', 'on', 'as before', '1', '3 received'];
    expect(out.trimEnd().split('\n'), lab.stderr).to.deep.equal(expected);
    expect(lab.stderr).to.contain('host1: the host was switched off');
    expect(lab.stderr).to.contain('host1: the host is off');
    expect(lab.files).to.deep.equal([]);
  });

  it('tells at the end what an agent did not survive', async function () {
    skipInSample(this, 'a kernel per host, all of it');
    lab = start([PAIR], `netmgr-host host2 exec -- sh -c 'kill -9 $(cat ${AGENTS}/host2.pid)'; sleep 3`);
    expect(await lab.end(), lab.stderr).to.equal(0);
    expect(lab.stderr).to.contain('the agent of host2 was started again once, the last time after SIGKILL');
    expect(lab.stderr).to.not.contain('the agent of host1');
  });

  it('gives the command the standard streams and its exit code', async function () {
    skipInSample(this, 'a kernel per host, all of it');
    lab = start(['--no-agents', PAIR], 'cat; echo words >&2; exit 7', Buffer.from('input'));
    expect((await lab.stdout).toString()).to.equal('input');
    expect(await lab.end(), lab.stderr).to.equal(7);
    expect(lab.stderr).to.match(/^words$/m);
  });

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGKILL', 'SIGKILL'],
  ] as const) {
    it(`leaves nothing behind after ${signal}`, async function () {
      if (signal !== 'SIGKILL') skipInSample(this, 'a kernel per host, all of it');
      lab = start(['--no-agents', PAIR], 'echo running; netmgr-host host1 exec -- sleep 1000');
      await lab.prints('running');
      lab.process.kill(signal);
      expect(await lab.end()).to.equal(code);
      await lab.leavesNoProcess();
      expect(lab.files).to.deep.equal([]);
    });
  }

  it('leaves nothing behind when a host cannot be built', async function () {
    skipInSample(this, 'a kernel per host, all of it');
    lab = start(['--no-agents', 'broken.xml'], 'true');
    // The names fit the schema, but the kernel does not take a bridge of this one.
    const text = readFileSync(PAIR, 'utf8').replaceAll('"xenbr0"', '"all"');
    writeFileSync(join(lab.directory, 'broken.xml'), text);
    expect(await lab.end()).to.equal(1);
    expect(lab.stderr).to.contain('"kind":"CommandFailed"');
    await lab.leavesNoProcess();
    expect(lab.files).to.deep.equal(['broken.xml']);
  });

  it("is refused with this machine's kernel", async () => {
    lab = new LabProcess(['--kernel', 'native', '--kernel-per-host', PAIR, '--', 'true']);
    expect(await lab.end()).to.equal(1);
    expect(lab.stderr).to.contain('--kernel-per-host needs User-Mode Linux kernels');
  });
});
