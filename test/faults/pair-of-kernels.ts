import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { ErrorReport } from '../../src/errors.js';
import { differencesOf, dumpKernel, type Dump, type Enter } from '../integration/kernel-dump.js';
import { LiveLab, PAIR, PAIR_BANDWIDTH } from '../integration/live-lab.js';
import {
  HOSTS,
  MACHINES,
  otherThan,
  sayOf,
  withoutChance,
  type HostName,
  type Name,
  type Outcome,
  type Said,
} from './faulty-pair.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const KILLED_MANAGER = fileURLToPath(new URL('killed-manager.ts', import.meta.url));
/** Milliseconds; longer than any timer that a test here sets. */
const PATIENCE = 120_000;
// So patient that a busy machine does no harm, and so short that a host that is off does not hold up the others.
const FLAGS = ['--timeout', '2000', '--retries', '2', '--confirm-timeout', '20'];

/** Which host a namespace is in; a host's own has its name. */
const PLACES: Readonly<Record<string, HostName>> = {
  ...{ host1: 'host1', proxy1: 'host1', node2: 'host1' },
  ...{ host2: 'host2', proxy2: 'host2', node1: 'host2' },
};

const enter: Enter = (namespace) => [
  ...(['netmgr-host', PLACES[namespace] ?? '', 'exec'] as const),
  ...[namespace, '--'],
];

/** A lab of two hosts with kernels of their own, which are led between two configurations. */
export class PairOfKernels {
  private constructor(
    readonly lab: LiveLab,
    private readonly files: Readonly<Record<Name, string>>,
    private readonly dumps: Readonly<Record<Name, Dump>>,
    private readonly digests: Readonly<Record<Name, readonly string[]>>,
  ) {}

  /** Fulfils when the configuration "one" runs. */
  static async start(): Promise<PairOfKernels> {
    const lab = await LiveLab.start([PAIR], {}, [MAIN, 'lab', 'run', '--kernel-per-host']);
    const files = { one: PAIR_BANDWIDTH, other: `${lab.directory}/other.xml` };
    await lab.write(files.other, otherThan(await lab.read(PAIR_BANDWIDTH)));
    const dumps: Partial<Record<Name, Dump>> = {};
    const digests: Partial<Record<Name, readonly string[]>> = {};
    for (const name of ['one', 'other', 'one'] as const) {
      await lab.manage('apply', PAIR, files[name]);
      dumps[name] = await dumpOf(lab);
      digests[name] = (await saidIn(lab)).map(({ runningDigest }) => runningDigest);
      expect(digests[name]).to.have.lengthOf(HOSTS.length);
    }
    const { one, other } = dumps;
    if (!one || !other || !digests.one || !digests.other) throw new Error('unreachable');
    return new PairOfKernels(lab, files, { one, other }, { one: digests.one, other: digests.other });
  }

  async power(host: HostName, action: 'power-off' | 'power-on'): Promise<void> {
    await this.lab.run('netmgr-host', host, action);
  }

  async apply(name: Name): Promise<Outcome> {
    const argv = ['netmgr', 'apply', PAIR, this.files[name], '--json', ...FLAGS] as const;
    const { exitCode, stdout, stderr } = await this.lab.try(argv);
    expect(stdout, stderr).to.match(/^\{/);
    const { ok, errors = [] } = JSON.parse(stdout) as { ok: boolean; errors?: ErrorReport[] };
    expect(ok).to.equal(exitCode === 0);
    return { ok, errors };
  }

  /** Has a manager apply, and die when all hosts have committed and nothing is decided. They wait so many seconds. */
  async commitOnly(name: Name, confirmTimeout: number): Promise<void> {
    await this.lab.try([
      ...(['sh', '-c', '"$@"; exit $?', 'sh', process.execPath, '--import'] as const),
      ...[import.meta.resolve('tsx'), KILLED_MANAGER, PAIR, this.files[name]],
      ...['decision', '', 'SIGKILL', '2', String(confirmTimeout)],
    ]);
    expect((await saidIn(this.lab)).map(({ state }) => state)).to.deep.equal(['confirmWait', 'confirmWait']);
  }

  /** Waits until no agent works or waits. */
  async rest(): Promise<readonly Said[]> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const said = await saidIn(this.lab);
      const atRest = said.every(({ state }) => state === 'idle' || state === 'failed');
      if (atRest && said.length === HOSTS.length) return said;
      if (Date.now() > deadline) throw new Error(`they do not come to rest: ${JSON.stringify(said)}`);
      await delay(500);
    }
  }

  /** What one host runs now, at rest or not. */
  async runs(host: HostName): Promise<Name | undefined> {
    const at = HOSTS.indexOf(host);
    const digest = (await saidIn(this.lab))[at]?.runningDigest;
    return (['one', 'other'] as const).find((name) => this.digests[name][at] === digest);
  }

  /** Waits until the hosts are at rest and an interrupted decision is completed, and says what both of them run. */
  async settled(): Promise<Name> {
    await this.rest();
    const { exitCode, stdout, stderr } = await this.lab.try(['netmgr', 'status', PAIR, '--json']);
    expect(exitCode, stdout + stderr).to.equal(0);
    const digests = (await this.rest()).map(({ runningDigest }) => runningDigest);
    for (const name of ['one', 'other'] as const) {
      if (digests.every((digest, i) => digest === this.digests[name][i])) return name;
    }
    throw new Error(`the hosts run different configurations: ${digests.join(' ')}`);
  }

  /** Everything in the kernels is as that configuration has it, and the agents say so. */
  async expectExactly(name: Name): Promise<void> {
    const differences = differencesOf(this.dumps[name], await dumpOf(this.lab));
    if (differences.length > 0) throw new Error(`not exactly "${name}":\n${differences.join('\n')}`);
    const said = await saidIn(this.lab);
    expect(said.map(({ driftCount }) => driftCount)).to.deep.equal([0, 0]);
    expect(said.map(({ runningDigest }) => runningDigest)).to.deep.equal(this.digests[name]);
  }
}

/** To be asked for the drift is to be examined, which takes its time in such a kernel. */
function saidIn(lab: LiveLab): Promise<Said[]> {
  return sayOf(lab, 10);
}

async function dumpOf(lab: LiveLab): Promise<Dump> {
  const dump = await dumpKernel(lab, HOSTS, Object.values(MACHINES).flat(), enter);
  return Object.fromEntries(
    Object.entries(dump)
      // The interfaces of a kernel that has started anew have new numbers and addresses.
      .filter(([command]) => !/^host\d: ip /.test(command))
      .map(([command, lines]) => [command, withoutChance(lines).map(withoutNumbers)]),
  );
}

function withoutNumbers(line: string): string {
  return line
    .replace(/^\d+: /, '')
    .replace(/@if\d+/, '')
    .replace(/ link-netns\w* \S+/, '');
}
