import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { skipInSample } from '../sample.js';
import { LabProcess, PAIR, requireBuild } from './lab-process.js';

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const umlMissing = !existsSync('/usr/bin/linux.uml');
const noRoot = process.getuid?.() !== 0;

const NAMES = ['host1', 'host2', 'proxy1', 'proxy2', 'node1', 'node2'];

/** What of the machine a lab must leave as it is; other tests may make namespaces of other names meanwhile. */
const machine = (): unknown => ({
  mounts: readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => !line.includes('/run/netns')),
  hosts: readFileSync('/etc/hosts', 'utf8'),
  namespaces: NAMES.filter((name) => existsSync(join('/run/netns', name))),
  directory: existsSync('/run/netmgr-lab'),
});

const ADDRESSES = [
  'ip -n proxy1 address add 10.9.0.1/24 dev eth0',
  'ip -n proxy2 address add 10.9.0.2/24 dev eth0',
  'ip -n proxy1 -6 address add fd00:9::1/64 dev eth0',
  'ip -n proxy2 -6 address add fd00:9::2/64 dev eth0',
].join(' && ');

for (const [kernel, missing] of [
  ['native', noRoot],
  ['uml', umlMissing],
] as const) {
  describe(`netmgr lab run --kernel ${kernel}`, function () {
    let lab: LabProcess;
    let before_: unknown;

    before(function () {
      requireBuild();
      if (missing) {
        process.stderr.write(
          `NOT TESTED: labs on ${kernel}: ${kernel === 'uml' ? 'no linux.uml' : 'no root'}\n`,
        );
        this.skip();
      }
    });

    beforeEach(() => {
      before_ = machine();
    });

    afterEach(async function () {
      if (this.currentTest?.isPending() === true) return;
      await lab.leavesNoProcess();
      lab.remove();
      expect(machine()).to.deep.equal(before_);
    });

    /** In a User-Mode Linux kernel the end takes other ways, but not one for each reason. */
    const onlyNative = (context: Mocha.Context): void => {
      if (kernel !== 'native') skipInSample(context, 'all ends of a lab in User-Mode Linux');
    };

    const start = (script: string, input?: Buffer): LabProcess =>
      new LabProcess(['--kernel', kernel, '--no-agents', PAIR, '--', 'sh', '-c', script], input);

    it('has the hosts and machines by name, joined by their bridges and the switch', async () => {
      lab = start(
        `${ADDRESSES} && ip netns list && ip netns exec proxy1 ping -c 2 -W 2 10.9.0.2 &&
         ip netns exec proxy1 ping -6 -c 2 -W 2 fd00:9::2 && ping -c 1 -W 2 host2 && echo $NETMGR_LAB_KERNEL`,
      );
      const out = (await lab.stdout).toString();
      expect(await lab.end(), lab.stderr + out).to.equal(0);
      for (const name of NAMES) {
        expect(out).to.match(new RegExp(`^${name}\\b`, 'm'));
      }
      expect(out.trimEnd().split('\n').at(-1)).to.equal(kernel);
    });

    it('gives the command the standard streams, its directory and its exit code', async () => {
      const input = randomBytes(300_000);
      const big = randomBytes(10_000_000);
      lab = start('cat big && echo words >&2 && cat >copy && exit 7', input);
      writeFileSync(join(lab.directory, 'big'), big);
      const out = await lab.stdout;
      expect(await lab.end(), lab.stderr).to.equal(7);
      expect(digest(out)).to.equal(digest(big));
      expect(lab.stderr).to.match(/^words$/m);
      expect(digest(readFileSync(join(lab.directory, 'copy')))).to.equal(digest(input));
    });

    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGKILL', 'SIGKILL'],
    ] as const) {
      it(`leaves nothing behind after ${signal}`, async function () {
        if (signal !== 'SIGKILL') onlyNative(this);
        lab = start('echo running; sleep 1000 & sleep 1000');
        await lab.prints('running');
        expect(lab.processes).to.not.be.empty;
        lab.process.kill(signal);
        expect(await lab.end()).to.equal(code);
        await lab.leavesNoProcess();
        expect(lab.files).to.be.empty;
      });
    }

    it('leaves nothing behind when it cannot be built', async function () {
      onlyNative(this);
      lab = new LabProcess(['--kernel', kernel, '--no-agents', 'broken.xml', '--', 'true']);
      // The names fit the schema, but the kernel does not take a bridge of this one.
      const text = readFileSync(PAIR, 'utf8').replaceAll('"xenbr0"', '"all"');
      writeFileSync(join(lab.directory, 'broken.xml'), text);
      expect(await lab.end()).to.equal(1);
      expect(lab.stderr).to.contain('"kind":');
      await lab.leavesNoProcess();
      expect(lab.files).to.deep.equal(['broken.xml']);
    });

    it('ends with the command, also where a child of it holds its output open', async function () {
      onlyNative(this);
      lab = start('sleep 1000 & echo over; exit 3');
      expect((await lab.stdout).toString()).to.equal('over\n');
      expect(await lab.end()).to.equal(3);
    });

    it('answers 127 for a command that is not there', async function () {
      onlyNative(this);
      lab = new LabProcess(['--kernel', kernel, '--no-agents', PAIR, '--', 'no-such-command']);
      expect(await lab.end()).to.equal(127);
      expect(lab.stderr).to.contain('no-such-command');
    });
  });
}
