import { expect } from 'chai';
import type { ErrorReport } from '../../src/errors.js';
import { differencesOf, dumpKernel, type Dump } from './kernel-dump.js';
import { LAB_DIRECTORY, LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';
import { sampled, skipInSample } from '../sample.js';

const HOSTS = ['host1', 'host2'];
const MACHINES = ['proxy1', 'node1', 'proxy2', 'node2'];
const FAULT = `${LAB_DIRECTORY}/fault`;
const TOOLS = ['tc', 'ipset', 'iptables-nft-restore', 'ip6tables-nft-restore', 'nft'] as const;
const ONCE = ['--timeout', '500', '--retries', '0'];

/**
 * Stands before the tools in the agents' PATH. Where the fault names the namespace and the tool, the next batch that
 * changes something goes half-way and fails, once.
 */
const WRAPPER = `#!/bin/sh
tool=\${0##*/}
real=$(PATH=/usr/sbin:/sbin:/usr/bin:/bin command -v "$tool")
case "$tool $*" in
  *' -j '*) ;;
  *-batch* | *restore* | nft*-f*)
    if [ "$(cat ${FAULT} 2>/dev/null)" = "$(ip netns identify $$) $tool" ]; then
      rm ${FAULT}
      batch=$(cat)
      lines=$(printf '%s\\n' "$batch" | wc -l)
      case $tool in
        tc) printf '%s\\n' "$batch" | head -n $((lines / 2)) | "$real" "$@" ;;
      esac
      echo 'RTNETLINK answers: the test says no' >&2
      echo "Command failed -:$((lines / 2))" >&2
      exit 1
    fi ;;
esac
exec "$real" "$@"
`;

interface Outcome {
  readonly exitCode: number;
  /** What the errors come to. */
  readonly message: string | undefined;
  readonly errors: readonly ErrorReport[];
}

describe('a failure on one host', function () {
  let lab: LiveLab;
  let applied: Dump;
  let changed: string;

  const dump = (): Promise<Dump> => dumpKernel(lab, HOSTS, MACHINES);

  const apply = async (
    options: {
      real?: string;
      virtual?: string;
      env?: Record<string, string>;
      flags?: readonly string[];
    } = {},
  ): Promise<Outcome> => {
    const { real = PAIR, virtual = changed, env = {}, flags = [] } = options;
    const argv = ['netmgr', 'apply', real, virtual, '--json', ...flags] as const;
    const { exitCode, stdout, stderr } = await lab.try(argv, { env });
    expect(stdout, stderr).to.match(/^\{/);
    const report = JSON.parse(stdout) as { ok: boolean; message?: string; errors?: ErrorReport[] };
    expect(report.ok).to.equal(exitCode === 0);
    return { exitCode, message: report.message, errors: report.errors ?? [] };
  };

  const running = async (): Promise<string[]> => {
    const digests: string[] = [];
    for (const host of HOSTS) {
      digests.push(await lab.run('snmpget', '-Oqv', host, 'NETEMU-MIB::netemuCfgRunningDigest.0'));
    }
    return digests;
  };

  before(async function () {
    skipWithoutRoot(this, 'failures');
    lab = await LiveLab.start([PAIR, PAIR_BANDWIDTH]);
    for (const tool of TOOLS) {
      await lab.write(`${LAB_DIRECTORY}/bin/${tool}`, WRAPPER, 0o755);
    }
    changed = `${lab.directory}/changed.xml`;
    // Rates, an address, a member and a site's name differ: each tool has something to do.
    const text = (await lab.read(PAIR_BANDWIDTH))
      .replace('100mbit', '50mbit')
      .replace('10.2.0.101', '10.2.0.102')
      .replaceAll('"site2"', '"site3"')
      .replace('</site>', '<access bandwidth="20mbit"/></site>');
    await lab.write(changed, text);
    applied = await dump();
  });

  after(async () => {
    await lab.stop();
  });

  /** Nothing differs from what was applied first, in the kernel or in what the agents say. */
  const expectUntouched = async (): Promise<void> => {
    expect(differencesOf(applied, await dump())).to.deep.equal([]);
    const { rows } = await lab.manage('plan', PAIR, PAIR_BANDWIDTH);
    expect(rows).to.deep.equal({ host1: 0, host2: 0 });
  };

  it('whose agent does not answer names it and changes none', async () => {
    const pid =
      (await lab.read(`${LAB_DIRECTORY}/agents/host2/snmpd/snmpd.pid`)).trim().split(/\s+/)[0] ?? '';
    await lab.run('kill', '-STOP', pid);
    const { exitCode, errors } = await apply({ flags: ONCE }).finally(() => lab.run('kill', '-CONT', pid));
    expect(exitCode).to.equal(1);
    expect(errors.map(({ kind, subject }) => ({ kind, subject }))).to.deep.equal([
      { kind: 'Unreachable', subject: 'host2' },
    ]);
    await expectUntouched();
  });

  it('whose port is wrong names it and changes none', async function () {
    skipInSample(this, 'a wrong port');
    const real = `${lab.directory}/wrong-port.xml`;
    const text = await lab.read(PAIR);
    await lab.write(real, text.replace(/(name="host2"[^]*?port=")161/, '$1162'));
    const { exitCode, errors } = await apply({ real, flags: ONCE });
    expect(exitCode).to.equal(1);
    expect(errors.map(({ kind, subject }) => ({ kind, subject }))).to.deep.equal([
      { kind: 'Unreachable', subject: 'host2' },
    ]);
    expect(errors[0]?.message).to.contain('172.16.0.2').and.contain('162');
    await expectUntouched();
  });

  for (const [secret, variable] of [
    ['authentication', 'NETMGR_LAB_AUTH'],
    ['privacy', 'NETMGR_LAB_PRIV'],
  ] as const) {
    it(`by a wrong ${secret} secret names the hosts and changes none`, async () => {
      const { exitCode, errors } = await apply({ flags: ONCE, env: { [variable]: 'not the right one' } });
      expect(exitCode).to.equal(1);
      expect(errors.map(({ subject }) => subject)).to.have.members(HOSTS);
      if (secret === 'authentication') {
        expect(errors.map(({ kind }) => kind)).to.deep.equal(['AccessDenied', 'AccessDenied']);
        expect(errors[0]?.message).to.contain('credentials');
      }
      expect(JSON.stringify(errors)).to.not.contain('not the right one');
      await expectUntouched();
    });
  }

  it('that lacks an interface is found before anything changes', async () => {
    await lab.at('host2', 'ip link set vif2.0 name gone0');
    try {
      const during = await dump();
      const { exitCode, errors } = await apply();
      expect(exitCode).to.equal(1);
      expect(errors).to.have.lengthOf(1);
      const [error] = errors;
      expect(error?.kind).to.equal('Rejected');
      expect(error?.subject ?? '')
        .to.contain('host2')
        .and.contain('vif2.0');
      expect(error?.message).to.contain('vif2.0');
      expect(differencesOf(during, await dump())).to.deep.equal([]);
    } finally {
      await lab.at('host2', 'ip link set gone0 name vif2.0');
    }
    await expectUntouched();
  });

  it("that has somebody else's qdisc is found before anything changes", async () => {
    await lab.at(
      'host2',
      'tc qdisc replace dev vif2.0 root handle 77: tbf rate 1mbit burst 3028 limit 30000',
    );
    try {
      const during = await dump();
      const { exitCode, errors } = await apply();
      expect(exitCode).to.equal(1);
      expect(errors[0]?.message).to.contain('tbf').and.contain('77:');
      expect(differencesOf(during, await dump())).to.deep.equal([]);
    } finally {
      await lab.at('host2', 'tc qdisc del dev vif2.0 root');
    }
  });

  for (const tool of sampled(TOOLS, 1)) {
    it(`where ${tool} fails half-way leads both back to what they ran`, async () => {
      await lab.manage('destroy', PAIR);
      await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
      const digests = await running();
      await lab.write(FAULT, `host2 ${tool}\n`);
      const { exitCode, message, errors } = await apply();
      expect(exitCode).to.equal(1);
      expect(message).to.include('every host runs what it ran before');
      expect(errors).to.have.lengthOf(1);
      expect(errors[0]?.subject).to.match(/^host2\b/);
      expect(errors[0]?.message).to.contain('the test says no');
      expect(await running()).to.deep.equal(digests);
      await expectUntouched();
    });
  }

  it('by the user changes none as long as none has changed, and leaves no session behind', async () => {
    const order = { type: 'manage', verb: 'apply', real: PAIR, virtual: changed } as const;
    const { errors } = await lab.order({ ...order, interruptAt: 'validate' });
    expect(errors.map(({ kind }) => kind)).to.deep.equal(['NotApplied']);
    await expectUntouched();
    for (const host of HOSTS) {
      expect(await lab.run('snmpget', '-Oqv', host, 'NETEMU-MIB::netemuCfgOwner.0')).to.match(/^"?"?\s*$/);
    }
  });

  it('by the user while the hosts commit leads all of them back', async () => {
    const order = { type: 'manage', verb: 'apply', real: PAIR, virtual: changed } as const;
    const { errors } = await lab.order({ ...order, interruptAt: 'commit' });
    expect(errors.map(({ kind }) => kind)).to.deep.equal(['NotApplied']);
    await expectUntouched();
  });

  it('by the user comes too late once it is decided', async () => {
    const order = { type: 'manage', verb: 'apply', real: PAIR, virtual: changed } as const;
    expect((await lab.order({ ...order, interruptAt: 'confirm' })).errors).to.deep.equal([]);
    expect((await lab.manage('plan', PAIR, changed)).rows).to.deep.equal({ host1: 0, host2: 0 });
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    await expectUntouched();
  });

  it('is forgotten by the next apply that succeeds', async () => {
    expect(await apply()).to.deep.equal({ exitCode: 0, message: undefined, errors: [] });
    const { rows } = await lab.manage('plan', PAIR, changed);
    expect(rows).to.deep.equal({ host1: 0, host2: 0 });
    expect(await lab.at('node2', 'ip address show dev eth0')).to.contain('10.2.0.102/16');
    await lab.manage('apply', PAIR, PAIR_BANDWIDTH);
    expect(differencesOf(applied, await dump())).to.deep.equal([]);
  });
});
